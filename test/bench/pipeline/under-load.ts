import * as v from 'valibot';
import { type BenchProcess, startProcess } from '../processes/start-process.ts';
import { usageSchema } from '../processes/usage.ts';

/** What is published: `messages` are measured, after `warmUp` messages of the same kind that are not. */
export type Load = Readonly<{
  samplesPerMessage: number;
  connections: number;
  warmUp: number;
  messages: number;
}>;

export const CYLINDERS = 100;
/** When the first sample was taken, ms. */
export const START_MS = Date.UTC(2026, 0, 5, 6);

const IN_FLIGHT = 2_000;

/** What a process needed for a load: processor time of all its threads, memory at the end, and time on the wall. */
export type Cost = Readonly<{ usPerSample: number; rssMb: number; wallS: number }>;

/**
 * Publishes a load to the broker at `port` from a process of its own and measures what another process uses until it
 * has taken all of it in: that process answers `usage`, and `taken` with the number of messages so far.
 */
export const underLoad = async (measured: BenchProcess, port: number, load: Load): Promise<Cost> => {
  const { samplesPerMessage, connections, warmUp, messages } = load;
  const line = { cylinders: CYLINDERS, samplesPerMessage, startMs: START_MS };
  const publisher = startProcess({
    script: './publisher.ts',
    args: [JSON.stringify({ port, connections, inFlight: IN_FLIGHT, ...line })],
  });
  // Without the one that is measured, the publisher would wait for ever to be acknowledged.
  measured.ended.addEventListener('abort', publisher.end);
  try {
    await publisher.ask(v.unknown(), 'publish', warmUp);
    await measured.ask(v.unknown(), 'taken', warmUp);
    const before = await measured.ask(usageSchema, 'usage');
    const startedMs = performance.now();
    await publisher.ask(v.unknown(), 'publish', messages);
    await measured.ask(v.unknown(), 'taken', warmUp + messages);
    const wallS = (performance.now() - startedMs) / 1000;
    const { cpuUs, rssMb } = await measured.ask(usageSchema, 'usage');
    return { usPerSample: (cpuUs - before.cpuUs) / (messages * samplesPerMessage), rssMb, wallS };
  } catch (error) {
    throw measured.ended.aborted ? measured.ended.reason : error;
  } finally {
    await publisher.end();
  }
};
