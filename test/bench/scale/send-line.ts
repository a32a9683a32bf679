import * as v from 'valibot';
import { startProcess } from '../processes/start-process.ts';
import type { Usage } from '../processes/usage.ts';

export const SAMPLES_PER_MESSAGE = 10;
const CONNECTIONS = 10;
const WARM_UP_S = 15;

const maybe = v.nullable(v.number());
const spread = v.object({ count: v.number(), p50: maybe, p99: maybe, max: maybe });
const sentSchema = v.object({ messages: v.number(), behind: v.number(), acks: spread, notices: spread });

/** What receives a line. */
export type Receiver = Readonly<{
  port: number;
  usage: () => Promise<Usage>;
  /** Aborts where it has ended by itself. */
  ended: AbortSignal;
}>;

/** What was measured of a receiver after the warm-up, and how many samples it got in all. */
export type MeasuredLine = v.InferOutput<typeof sentSchema> &
  Readonly<{ usPerSample: number; rssMb: number; samples: number }>;

/** Sends a sample a second of each cylinder in real time, ten a message, from one of their seconds on. */
export const sendLine = async (
  { port, usage, ended }: Receiver,
  { cylinders, fromSecond, seconds }: Readonly<{ cylinders: number; fromSecond: number; seconds: number }>,
): Promise<MeasuredLine> => {
  const line = {
    port,
    connections: CONNECTIONS,
    cylinders,
    samplesPerMessage: SAMPLES_PER_MESSAGE,
    fromSecond,
  };
  const publisher = startProcess({ script: './line-publisher.ts', args: [JSON.stringify(line)] });
  ended.addEventListener('abort', publisher.end);
  try {
    const warm = await publisher.ask(sentSchema, 'sendFor', WARM_UP_S);
    const before = await usage();
    const sent = await publisher.ask(sentSchema, 'sendFor', seconds);
    const { cpuUs, rssMb } = await usage();
    return {
      ...sent,
      usPerSample: (cpuUs - before.cpuUs) / (sent.messages * SAMPLES_PER_MESSAGE),
      rssMb,
      samples: (warm.messages + sent.messages) * SAMPLES_PER_MESSAGE,
    };
  } finally {
    await publisher.end();
  }
};
