import { setTimeout as delay } from 'node:timers/promises';
import type { SmallDisk } from '../contract/small-disk.ts';
import type { Load } from './load.ts';

/** What a pipeline did on a full disk: it ended, or all that was sent was acknowledged before it had to. */
export type OnFullDisk = 'ended' | 'all acknowledged';

type FullDisk = Readonly<{
  /** Null where its files cannot grow beyond a limit instead. */
  disk: Pick<SmallDisk, 'fill'> | null;
  load: Pick<Load, 'acknowledgedSamples' | 'isDone'>;
  /** Resolves when the pipeline has ended. */
  ended: Promise<unknown>;
  /** Resolves after a moment. */
  wait?: () => Promise<void>;
  nowMs?: () => number;
}>;

const LEFT_BYTES = 400_000;
const EVERY_MS = 100;
const STALLED_MS = 120_000;

/**
 * Fills the disk of a pipeline, but for a little, and takes whatever becomes free after that: a log that was folded in
 * leaves room for a hundred thousand samples, on which it lives honestly until the load is over. Rejects where it neither
 * ends nor acknowledges anything. What it acknowledged is counted at the end, as everything is.
 */
export const keepFull = async ({
  disk,
  load,
  ended,
  wait = () => delay(EVERY_MS),
  nowMs = performance.now.bind(performance),
}: FullDisk): Promise<OnFullDisk> => {
  let hasEnded = false;
  const ending = ended.then(() => {
    hasEnded = true;
  });
  disk?.fill(LEFT_BYTES);
  let acknowledged = load.acknowledgedSamples();
  let sinceMs = nowMs();
  for (;;) {
    await Promise.race([ending, wait()]);
    if (hasEnded) return 'ended';
    if (load.isDone()) return 'all acknowledged';
    if (load.acknowledgedSamples() > acknowledged) {
      acknowledged = load.acknowledgedSamples();
      sinceMs = nowMs();
    }
    if (nowMs() - sinceMs > STALLED_MS)
      throw new Error(`on a full disk it neither ended nor acknowledged anything for ${STALLED_MS / 1000} s`);
    disk?.fill();
  }
};
