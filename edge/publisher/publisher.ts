import type { QueuedSample, Status } from '../message/encode-message.ts';
import { openQueue, type QueueOptions } from '../queue/queue.ts';
import { createWakeSignal } from '../timing/timing.ts';
import type { Transport } from '../transport/transport.ts';
import { deliver } from './deliver.ts';
import { createPriorityQueue } from './priority-queue.ts';

export type PublisherParts = Readonly<{
  transport: Transport;
  /** Event time, ms since the epoch. */
  now: () => number;
  /** A clock that is never set, ms; default: the machine's. */
  monotonic?: () => number;
}>;

export type PublisherOptions = Readonly<{
  gateway: string;
  queue: QueueOptions;
  /** After an outage the samples of this time go first; default 15 min. */
  recentMs?: number;
  /** The most samples a second of what is older; default 200. */
  drainPerSecond?: number;
  /** How long live samples wait for others to share a message with; default 0. */
  lingerMs?: number;
  /** The most messages that may be unacknowledged; default 20. */
  inFlight?: number;
  /** How long an acknowledgement may take; default 10 s. */
  timeoutMs?: number;
}>;

/** A way out that forgets no sample before it was acknowledged, whether the other side or this process is away meanwhile. */
export type Publisher = Readonly<{
  /** Takes samples of any cylinders, each one's in order. */
  send(samples: readonly QueuedSample[]): void;
  report(status: Status): void;
  /** Samples acknowledged since the start, those of starts before included. */
  acknowledged(): number;
  /** Samples that are not acknowledged yet. */
  queued(): number;
  /** Resolves when no more than `limit` samples are unacknowledged, or at the signal. */
  room(limit: number, signal: AbortSignal): Promise<void>;
  prune(nowMs: number): void;
  /** Where a damaged queue was put when a new one had to be begun. */
  movedTo: string | null;
  /** Resolves when all is acknowledged, or at the signal. */
  flush(signal: AbortSignal): Promise<void>;
  /** Rejects when something failed that no repetition cures; resolves after `close`. */
  ended: Promise<void>;
  /** Writes down what is left and ends. */
  close(): Promise<void>;
}>;

const LOOK_AGAIN_MS = 50;

/** Opens the queue and begins to send. Throws when the queue cannot be opened. */
export const createPublisher = (parts: PublisherParts, options: PublisherOptions): Publisher => {
  const { transport, now, monotonic = () => performance.now() } = parts;
  const { gateway, recentMs = 15 * 60_000, drainPerSecond = 200, lingerMs = 0 } = options;
  const { inFlight = 20, timeoutMs = 10_000 } = options;
  const closing = new AbortController();
  const wake = createWakeSignal();
  const arrivals = createWakeSignal();
  const queue = openQueue({
    ...options.queue,
    onCommitted(samples) {
      options.queue.onCommitted?.(samples);
      outbound.refresh();
      wake.notify();
    },
  });
  const outbound = createPriorityQueue(
    { queue, now, monotonic, onArrived: arrivals.notify },
    { gateway, recentMs, drainPerSecond, lingerMs },
  );
  const ended = deliver({ transport, wake, ...outbound }, { inFlight, timeoutMs, signal: closing.signal });
  // Who needs to know awaits `ended`; a process that is about to close need not be ended by it.
  ended.catch(() => {});

  return {
    send: (samples) => queue.append(samples),
    report(status) {
      outbound.report(status);
      wake.notify();
    },
    acknowledged: () => outbound.arrived(),
    queued: () => queue.size(),
    async room(limit, signal) {
      const isFull = () => queue.size() > limit;
      while (isFull() && !signal.aborted && !closing.signal.aborted)
        await arrivals.wait(LOOK_AGAIN_MS, signal);
    },
    prune: (nowMs) => queue.prune(nowMs),
    movedTo: queue.movedTo,
    async flush(signal) {
      queue.commit();
      const isIdle = () => queue.size() + outbound.statuses() === 0;
      while (!isIdle() && !signal.aborted && !closing.signal.aborted)
        await arrivals.wait(LOOK_AGAIN_MS, signal);
    },
    ended,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await transport.close();
      await ended.catch(() => {});
      queue.close();
    },
  };
};
