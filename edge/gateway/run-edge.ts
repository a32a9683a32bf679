import { setImmediate as breathe } from 'node:timers/promises';
import type { SensorValues } from '../../domain/message/sample.ts';
import type { QueuedSample } from '../message/queued-sample.ts';
import type { Source, SourceSample } from '../sources/source.ts';
import type { Clock } from '../timing/clock.ts';
import { untilAborted } from '../timing/until-aborted.ts';
import type { ScoredValues } from './scorer.ts';

export type RunEdgeParts = Readonly<{
  source: Source;
  judge: (values: SensorValues) => ScoredValues;
  send: (samples: readonly QueuedSample[]) => void;
  /** Samples that wait to be sent. */
  queued: () => number;
  clock: Clock;
}>;

export type RunEdgeOptions = Readonly<{
  /** Names this start of the gateway; a new one each time. */
  boot: string;
  /** `clock`: no sample before its time. `arrival`: each as it comes. `unpaced`: no faster than they are sent. */
  pace: 'clock' | 'arrival' | 'unpaced';
  signal: AbortSignal;
}>;

const BREATHE_EVERY = 500;
const MAX_UNPACED = 50_000;
const LOOK_AGAIN_MS = 20;

/** Judges, numbers and hands over every sample of a source until it ends or the signal; resolves with how many. */
export const runEdge = async (parts: RunEdgeParts, options: RunEdgeOptions): Promise<number> => {
  const { judge, send, clock } = parts;
  const { boot, pace, signal } = options;
  const numbers = new Map<string, number>();
  let samples = 0;

  function take({ cylinder, t, values }: SourceSample): void {
    const seq = numbers.get(cylinder) ?? 0;
    numbers.set(cylinder, seq + 1);
    const { probability, why, model } = judge(values);
    send([{ origin: { cylinder, boot, model }, sample: { t, seq, values, probability, why } }]);
    samples += 1;
  }

  async function waitFor({ t }: SourceSample): Promise<void> {
    if (pace === 'clock' && t > clock.now()) await clock.sleepUntil(t, signal);
    // A source that is ready at once would let nobody else have a turn.
    else if (samples % BREATHE_EVERY === 0) await breathe();
    while (pace === 'unpaced' && parts.queued() > MAX_UNPACED && !signal.aborted) {
      await clock.sleepUntil(clock.now() + LOOK_AGAIN_MS, signal);
    }
  }

  const batches = batchesOf(parts.source);
  while (!signal.aborted) {
    const next = await untilAborted(batches.next(), signal);
    if (next === undefined || next.done === true) break;
    for (const sample of next.value) {
      await waitFor(sample);
      if (signal.aborted) break;
      take(sample);
    }
  }
  return samples;
};

async function* batchesOf(source: Source): AsyncGenerator<readonly SourceSample[], void> {
  yield* source;
}
