import { renameSync } from 'node:fs';
import { type Gap, gapsOf, type QueuedSample, type TakenSample } from '../message/encode-message.ts';
import { freeName, isDamage, openFileStore, queueError } from './file-store.ts';
import { createMemoryStore, type StoredGap } from './queue-store.ts';
import { createSampleSet } from './sample-table.ts';

export type QueueOptions = Readonly<{
  /** The queue's one file; SQLite keeps a few MB more beside it while it is open. Null: in memory, until it is closed. */
  path: string | null;
  /** Samples older than this, by the clock or the newest of them, are given up; default 72 h. */
  maxAgeMs?: number;
  /** What the file may hold; beyond it the oldest samples are given up; default 1 GiB, some ten million samples. */
  maxBytes?: number;
  /** How long samples may wait for others to be committed with; default 250 ms. */
  commitMs?: number;
  /** Notified of samples once they are on disk: from then on only an acknowledgement or a gap ends them. */
  onCommitted?: (samples: readonly QueuedSample[]) => void;
  /** Notified when the disk refuses, and with null when it takes samples again. */
  onTrouble?: (message: string | null) => void;
}>;

/** A bounded queue on disk. Whatever it committed outlives the process and is handed out again until it is acknowledged. */
export type Queue = Readonly<{
  /** Takes samples; they are on disk at the next commit. */
  append(samples: readonly QueuedSample[]): void;
  /** Hands out up to `limit` samples that nobody has, oldest first: from `boundaryMs` on, or from before it. */
  take(priority: 'recent' | 'older', boundaryMs: number, limit: number): readonly TakenSample[];
  /** Forgets samples that have arrived. */
  acknowledge(samples: readonly TakenSample[]): void;
  /** Takes back samples that were handed out and did not arrive. */
  requeue(samples: readonly TakenSample[]): void;
  takeGaps(): readonly StoredGap[];
  acknowledgeGap(id: number): void;
  /** Gives up what is too old at `nowMs`. */
  prune(nowMs: number): void;
  /** Writes down at once all that waits. */
  commit(): void;
  /** Samples that are not acknowledged. */
  size(): number;
  /** Event time of the newest sample it ever saw while open or held when it was opened. */
  newestMs(): number | null;
  /** Where a damaged file was put when a new one had to be begun. */
  movedTo: string | null;
  close(): void;
}>;

const HOUR_MS = 3_600_000;
const COMMIT_AT = 2000;
/** While the disk refuses, this many are kept in memory: some minutes of a large line. */
const MAX_IN_MEMORY = 20_000;
const PRUNE_AT_ONCE = 5000;
/** The oldest go in steps, not one by one. */
const FILL_AGAIN_TO = 0.98;

/** Opens the queue in a file of its own, which no other process may have. Throws one line that says what to do. */
export const openQueue = (options: QueueOptions): Queue => {
  const { path, maxAgeMs = 72 * HOUR_MS, maxBytes = 2 ** 30, commitMs = 250 } = options;
  const store = path === null ? createMemoryStore() : openFileStore(path);
  const { origins, samples: table, gaps, movedTo } = store;
  const inFlight = createSampleSet();
  let waiting: TakenSample[] = [];
  let arrived: TakenSample[] = [];
  let lost: Gap[] = [];
  let isRefusing = false;
  let timer: NodeJS.Timeout | null = null;
  let newestMs = table.newestMs();

  function commit(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length + arrived.length + lost.length === 0) return;
    const isDone = attempt(() => {
      origins.save();
      table.insert(waiting);
      table.delete(arrived);
      for (const gap of lost) gaps.add(gap);
    });
    if (!isDone) return;
    origins.saved();
    const committed = waiting;
    for (const sample of arrived) inFlight.delete(sample);
    [waiting, arrived, lost] = [[], [], []];
    if (isRefusing) options.onTrouble?.(null);
    isRefusing = false;
    if (committed.length > 0) options.onCommitted?.(committed);
    keepWithinSize();
  }

  function attempt(work: () => void): boolean {
    try {
      store.transaction(work);
      return true;
    } catch (error) {
      refuse(error);
      return false;
    }
  }

  function refuse(error: unknown): void {
    if (path === null) throw error;
    // The next start shall begin with a sound file.
    if (isDamage(error)) renameSync(path, freeName(`${path}.damaged`));
    const refusal = queueError(path, error);
    if (isDamage(error)) throw refusal;
    if (!isRefusing) options.onTrouble?.(refusal.message);
    isRefusing = true;
    forgetWhatNeverWasOnDisk();
    const most = waiting.length - MAX_IN_MEMORY;
    if (most > 0) lost.push(...gapsOf(waiting.splice(0, most)));
    schedule();
  }

  function forgetWhatNeverWasOnDisk(): void {
    const ended = createSampleSet();
    for (const sample of arrived) ended.add(sample);
    waiting = waiting.filter((sample) => {
      if (!ended.has(sample)) return true;
      ended.delete(sample);
      inFlight.delete(sample);
      return false;
    });
    arrived = arrived.filter((sample) => ended.has(sample));
  }

  function schedule(): void {
    timer ??= setTimeout(commit, commitMs).unref();
  }

  function giveUp(samples: readonly TakenSample[]): boolean {
    return attempt(() => {
      table.delete(samples);
      for (const gap of gapsOf(samples)) gaps.add(gap);
    });
  }

  /** What is on its way is spared: it may well arrive. */
  function oldest(beforeMs: number, limit: number): readonly TakenSample[] {
    const samples = table.between(Number.NEGATIVE_INFINITY, beforeMs, limit + inFlight.size());
    return samples.filter((sample) => !inFlight.has(sample)).slice(0, limit);
  }

  function keepWithinSize(): void {
    const used = table.usedBytes();
    if (used <= maxBytes) return;
    const tooMany = Math.ceil((table.count() * (used - maxBytes * FILL_AGAIN_TO)) / used);
    giveUp(oldest(Number.POSITIVE_INFINITY, Math.min(tooMany, 10 * PRUNE_AT_ONCE)));
  }

  return {
    append(samples) {
      for (const { origin, sample } of samples) {
        waiting.push({ origin, sample, originId: origins.idOf(origin) });
        if (newestMs === null || sample.t > newestMs) newestMs = sample.t;
      }
      if (waiting.length >= COMMIT_AT && !isRefusing) commit();
      else schedule();
    },
    take(priority, boundaryMs, limit) {
      if (arrived.length >= limit / 2 && !isRefusing) commit();
      const [fromMs, beforeMs] =
        priority === 'recent'
          ? [boundaryMs, Number.POSITIVE_INFINITY]
          : [Number.NEGATIVE_INFINITY, boundaryMs];
      const stored = table.between(fromMs, beforeMs, limit + inFlight.size());
      // A disk that refuses must not silence the gateway.
      const found = isRefusing && priority === 'recent' ? [...stored, ...waiting] : stored;
      const handed = found.filter((sample) => !inFlight.has(sample)).slice(0, limit);
      for (const sample of handed) inFlight.add(sample);
      return handed;
    },
    acknowledge(samples) {
      for (const sample of samples) arrived.push(sample);
      schedule();
    },
    requeue(samples) {
      for (const sample of samples) inFlight.delete(sample);
    },
    takeGaps: () => gaps.take(),
    acknowledgeGap: (id) => void attempt(() => gaps.delete(id)),
    prune(nowMs) {
      // What a bridge sends with times of long ago is old only beside what is newer.
      const beforeMs = Math.min(nowMs, newestMs ?? nowMs) - maxAgeMs;
      let old = oldest(beforeMs, PRUNE_AT_ONCE);
      while (old.length > 0 && giveUp(old)) old = oldest(beforeMs, PRUNE_AT_ONCE);
    },
    commit,
    size: () => table.count() + waiting.length - arrived.length,
    newestMs: () => newestMs,
    movedTo,
    close() {
      commit();
      if (timer !== null) clearTimeout(timer);
      store.close();
    },
  };
};
