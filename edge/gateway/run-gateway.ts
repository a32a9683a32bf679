import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { SensorValues } from '../../domain/message/sample.ts';
import type { Origin } from '../message/encode-message.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Source, SourceSample } from '../sources/source.ts';
import type { Clock } from '../timing/clock.ts';
import { untilAborted } from '../timing/with-timeout.ts';
import type { ScoredValues } from './scorer.ts';

export type GatewayParts = Readonly<{
  source: Source;
  score: (values: SensorValues) => ScoredValues;
  publisher: Publisher;
  clock: Clock;
}>;

export type GatewayOptions = Readonly<{
  /** Names this start of the gateway; a new one each time. */
  boot: string;
  /** `clock`: no sample before its time, those of the past at once. `arrival`: each as it comes. */
  pace: 'clock' | 'arrival';
  /** The source waits while more samples than this are unacknowledged; default: it never does. */
  maxQueued?: number;
  signal: AbortSignal;
  /** Called after each batch of the source. */
  onProgress?: (progress: GatewayProgress) => void;
}>;

/** Samples scored in this run, those acknowledged, those still queued, and the event time of the last one, ms. */
export type GatewayProgress = Readonly<{
  samples: number;
  acknowledged: number;
  queued: number;
  lastMs: number | null;
}>;

const YIELD_EVERY = 100;
const LAST_FLUSH_MS = 1200;

/**
 * Scores, numbers and queues every sample of a source, each cylinder's in order, until it ends and all is acknowledged,
 * or until the signal: then what is queued has 1.2 s. Rejects when the source fails or no repetition can deliver.
 */
export const runGateway = async (parts: GatewayParts, options: GatewayOptions): Promise<GatewayProgress> => {
  const { score, publisher, clock } = parts;
  const { boot, pace, maxQueued = Number.POSITIVE_INFINITY } = options;
  const failing = new AbortController();
  publisher.ended.catch(() => failing.abort());
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const cylinders = new Map<string, { origin: Origin; seq: number }>();
  let samples = 0;
  let lastMs: number | null = null;
  const progress = (): GatewayProgress => ({
    samples,
    acknowledged: publisher.acknowledged(),
    queued: publisher.queued(),
    lastMs,
  });

  const take = ({ cylinder, t, values }: SourceSample): void => {
    const { probability, why, model } = score(values);
    const last = cylinders.get(cylinder);
    const seq = last === undefined ? 0 : last.seq + 1;
    const origin = last?.origin.model === model ? last.origin : { cylinder, boot, model };
    cylinders.set(cylinder, { origin, seq });
    publisher.send([{ origin, sample: { t, seq, values, probability, why } }]);
    samples += 1;
    lastMs = t;
  };

  const waitFor = async ({ t }: SourceSample): Promise<void> => {
    if (pace === 'clock' && t > clock.now()) await clock.sleepUntil(t, signal);
    if (samples % YIELD_EVERY !== 0) return;
    // A source that is ready at once would keep the event loop to itself.
    await yieldToEventLoop();
    await publisher.room(maxQueued, signal);
  };

  const batches = batchesOf(parts.source);
  while (!signal.aborted) {
    const next = await untilAborted(batches.next(), signal);
    if (next === undefined || next.done === true) break;
    for (const sample of next.value) {
      await waitFor(sample);
      if (signal.aborted) break;
      take(sample);
    }
    options.onProgress?.(progress());
  }
  await publisher.flush(signal);
  if (options.signal.aborted) await publisher.flush(AbortSignal.timeout(LAST_FLUSH_MS));
  if (failing.signal.aborted) await publisher.ended;
  return progress();
};

async function* batchesOf(source: Source): AsyncGenerator<readonly SourceSample[], void> {
  yield* source;
}
