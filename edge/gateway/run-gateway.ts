import { setTimeout as sleep } from 'node:timers/promises';
import type { SensorValues } from '../../domain/message/sample.ts';
import { encodeMessages, type ScoredSample } from '../message/encode-message.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Source, SourceSample } from '../sources/source.ts';
import type { Clock } from '../timing/clock.ts';
import { untilAborted } from '../timing/until-aborted.ts';

/** The model's word on six values; `why` is each sensor's contribution to the log-odds. */
export type Judge = (
  values: SensorValues,
) => Readonly<{ probability: number; why?: readonly number[] | null }>;

export type GatewayParts = Readonly<{ source: Source; score: Judge; publisher: Publisher; clock: Clock }>;

export type GatewayOptions = Readonly<{
  gateway: string;
  /** Names this start of the gateway; a new one each time. */
  boot: string;
  model: string;
  /** `clock`: no sample before its time, those of the past at once. `none`: all at once. */
  pace: 'clock' | 'none';
  /** Samples of a cylinder in one message while it keeps up with the clock; default 1. */
  batchSize?: number;
  /** The same while it is behind, or has no pace; default 10. */
  catchUpBatchSize?: number;
  signal: AbortSignal;
  onProgress?: (progress: GatewayProgress) => void;
}>;

/** Samples that were scored and handed over, those that the broker has, and the event time of the last, ms. */
export type GatewayProgress = Readonly<{ samples: number; acknowledged: number; lastMs: number | null }>;

const BEHIND_MS = 2500;
const LAST_FLUSH_MS = 1200;

/**
 * Scores, numbers and sends every sample of a source, in order, until it ends and all is acknowledged, or until the
 * signal: then what was taken is sent and waited for, but no longer than 1.2 s.
 */
export const runGateway = async (parts: GatewayParts, options: GatewayOptions): Promise<GatewayProgress> => {
  const { source, score, publisher, clock } = parts;
  const { gateway, boot, model, pace, batchSize = 1, catchUpBatchSize = 10, signal } = options;
  const waiting = new Map<string, ScoredSample[]>();
  const numbers = new Map<string, number>();
  let samples = 0;
  let lastMs: number | null = null;
  const progress = (): GatewayProgress => ({ samples, acknowledged: publisher.acknowledged(), lastMs });

  function take({ cylinder, t, values }: SourceSample): number {
    const seq = numbers.get(cylinder) ?? 0;
    numbers.set(cylinder, seq + 1);
    const { probability, why = null } = score(values);
    const batch = waiting.get(cylinder) ?? [];
    batch.push({ t, seq, values, probability, why });
    waiting.set(cylinder, batch);
    samples += 1;
    lastMs = t;
    return batch.length;
  }

  async function send(cylinder: string): Promise<void> {
    const batch = waiting.get(cylinder) ?? [];
    waiting.delete(cylinder);
    for (const message of encodeMessages({ gateway, cylinder, boot, model }, batch)) {
      await untilAborted(publisher.send(message), signal);
    }
    options.onProgress?.(progress());
  }

  async function sendFrom(size: number): Promise<void> {
    for (const [cylinder, batch] of waiting) if (batch.length >= size) await send(cylinder);
  }

  async function pump(): Promise<void> {
    for await (const batch of source) {
      for (const sample of batch) {
        if (pace === 'clock' && sample.t > clock.now()) {
          await sendFrom(batchSize);
          await clock.sleepUntil(sample.t, signal);
        }
        if (signal.aborted) return;
        const isBehind = pace === 'none' || clock.now() - sample.t > BEHIND_MS;
        const size = isBehind ? catchUpBatchSize : batchSize;
        if (take(sample) >= size) await send(sample.cylinder);
      }
    }
  }

  if (!signal.aborted) await pump();
  await sendFrom(1);
  const flushed = publisher.flush();
  await untilAborted(flushed, signal);
  if (signal.aborted) await Promise.race([flushed, sleep(LAST_FLUSH_MS, undefined, { ref: false })]);
  return progress();
};
