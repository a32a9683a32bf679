import { encodeStatus, type Status, statusTopic, type TakenSample } from '../message/encode-message.ts';
import type { Queue } from '../queue/queue.ts';
import { type OutboundMessage, packSamples } from './deliver.ts';

/** Whether `amount` may be sent by now; then it is taken. More than a second's worth is taken when a second's worth has gathered. */
type TokenBucket = (amount: number) => boolean;

/** A bucket that fills by `perSecond` (more than 0) a second and holds at most a second of it; `now` is a clock that is never set, ms. */
export const createTokenBucket = (perSecond: number, now: () => number): TokenBucket => {
  let available = perSecond;
  let countedMs = now();
  return (amount) => {
    const nowMs = now();
    available = Math.min(perSecond, available + ((nowMs - countedMs) * perSecond) / 1000);
    countedMs = nowMs;
    if (available < Math.min(amount, perSecond)) return false;
    available -= amount;
    return true;
  };
};

export type PriorityQueueParts = Readonly<{
  queue: Queue;
  /** Event time, ms since the epoch. */
  now: () => number;
  /** A clock that is never set, ms. */
  monotonic: () => number;
  /** Notified whenever a message has arrived. */
  onArrived: () => void;
}>;

export type PriorityQueueOptions = Readonly<{
  gateway: string;
  /** What is newer than this goes first. */
  recentMs: number;
  /** The most samples a second of what is older. */
  drainPerSecond: number;
  /** How long live samples wait for others to share a message with. */
  lingerMs: number;
}>;

/** Decides what is sent next. */
export type PriorityQueue = Readonly<{
  /** The next message, or null while there is none or none may be sent yet. */
  next(): OutboundMessage | null;
  /** How long it may be until there is another one, ms, unless samples come in. */
  pauseMs(): number;
  report(status: Status): void;
  /** Says that the queue holds more. */
  refresh(): void;
  /** Begins anew after a failure: what was ready up goes back to the queue. */
  restart(): void;
  /** Samples that arrived. */
  arrived(): number;
  /** Statuses that have not arrived. */
  statuses(): number;
}>;

const MIN_CHUNK = 1000;
const MAX_CHUNK = 10_000;
const MAX_STATUSES = 200;
const GAPS_EVERY_MS = 30_000;
const LOOK_FOR_OLDER_EVERY_MS = 1000;

/** Statuses first; then the recent past and the present, oldest first; then, at a limited rate, what is older. */
export const createPriorityQueue = (
  { queue, now, monotonic, onArrived }: PriorityQueueParts,
  options: PriorityQueueOptions,
): PriorityQueue => {
  const { gateway, recentMs, drainPerSecond, lingerMs } = options;
  const mayDrain = createTokenBucket(drainPerSecond, monotonic);
  const dueAt = { recent: 0, older: 0, gaps: 0 };
  const ready: Record<'recent' | 'older', OutboundMessage[]> = { recent: [], older: [] };
  let statuses: OutboundMessage[] = [];
  let statusesInFlight = 0;
  let hasMore = true;
  let chunk = MIN_CHUNK;
  let arrived = 0;
  /** Samples that the queue handed out and that have neither arrived nor come back. */
  let handed = 0;

  const settle = {
    arrived(samples: readonly TakenSample[]) {
      arrived += samples.length;
      handed -= samples.length;
      queue.acknowledge(samples);
      onArrived();
    },
    failed(samples: readonly TakenSample[]) {
      handed -= samples.length;
      queue.requeue(samples);
    },
  };

  function statusMessage(status: Status, settled: () => void): OutboundMessage {
    const message: OutboundMessage = {
      topic: statusTopic(gateway),
      payload: encodeStatus(status),
      samples: 0,
      arrived() {
        statusesInFlight -= 1;
        settled();
        onArrived();
      },
      failed() {
        statusesInFlight -= 1;
        statuses.unshift(message);
      },
    };
    return message;
  }

  function takeGaps(): void {
    if (monotonic() < dueAt.gaps) return;
    dueAt.gaps = monotonic() + GAPS_EVERY_MS;
    for (const { id, gap } of queue.takeGaps()) {
      statuses.push(statusMessage({ kind: 'gap', ...gap }, () => queue.acknowledgeGap(id)));
    }
  }

  function fill(priority: 'recent' | 'older'): boolean {
    // A clock that is ahead, or a bridge whose clock is, must not make old what just came.
    const newestMs = Math.min(now(), queue.newestMs() ?? now());
    const taken = queue.take(priority, newestMs - recentMs, chunk);
    handed += taken.length;
    const messages = packSamples(gateway, taken, settle);
    ready[priority] = [...messages];
    const isFull = taken.length === chunk;
    // With many cylinders it takes more samples to fill messages.
    if (isFull && taken.length < 5 * messages.length) chunk = Math.min(2 * chunk, MAX_CHUNK);
    return isFull;
  }

  function nextRecent(): OutboundMessage | null {
    if (ready.recent.length === 0 && hasMore && monotonic() >= dueAt.recent) {
      hasMore = fill('recent');
      // What came while these were taken is to gather as well: a full chunk alone does not say that more is waiting.
      if (!hasMore || queue.size() - handed < chunk) dueAt.recent = monotonic() + lingerMs;
    }
    return ready.recent.shift() ?? null;
  }

  function nextOlder(): OutboundMessage | null {
    if (ready.older.length === 0 && monotonic() >= dueAt.older) {
      fill('older');
      if (ready.older.length === 0) dueAt.older = monotonic() + LOOK_FOR_OLDER_EVERY_MS;
    }
    const [first] = ready.older;
    return first !== undefined && mayDrain(first.samples) ? (ready.older.shift() ?? null) : null;
  }

  function nextStatus(): OutboundMessage | null {
    takeGaps();
    const status = statuses.shift() ?? null;
    if (status !== null) statusesInFlight += 1;
    return status;
  }

  return {
    next: () => nextStatus() ?? nextRecent() ?? nextOlder(),
    pauseMs() {
      const untilRecent = hasMore ? Math.max(1, dueAt.recent - monotonic()) : LOOK_FOR_OLDER_EVERY_MS;
      return Math.min(untilRecent, ready.older.length > 0 ? 50 : LOOK_FOR_OLDER_EVERY_MS);
    },
    report(status) {
      statuses.push(statusMessage(status, () => {}));
      if (statuses.length > MAX_STATUSES) statuses = statuses.slice(-MAX_STATUSES);
    },
    refresh() {
      hasMore = true;
    },
    restart() {
      for (const message of [...ready.recent, ...ready.older]) message.failed();
      [ready.recent, ready.older] = [[], []];
      hasMore = true;
      dueAt.recent = 0;
      dueAt.older = 0;
    },
    arrived: () => arrived,
    statuses: () => statuses.length + statusesInFlight,
  };
};
