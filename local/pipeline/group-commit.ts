import { setTimeout as delay } from 'node:timers/promises';

export type GroupCommitOptions = Readonly<{
  /** How long the first of a group waits for others, ms. */
  lingerMs: number;
  /** So many times in all (default 1), as long as others came within the last: whoever waits for an answer sends none. */
  maxLingers?: number;
  /** As many as this are committed without further waiting. */
  maxItems: number;
  /** Resolves so many ms later, or at once when the signal is given. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called after each commit. */
  onCommitted?: (committed: Committed) => void;
}>;

/** Of a group that was committed: how many there were, how long the first had waited, ms, and how many wait behind it. */
export type Committed = Readonly<{ items: number; waitedMs: number; waiting: number }>;

export type GroupCommit<T> = Readonly<{
  /** Resolves when the group that the item went with was committed; rejects when that failed. */
  add(item: T): Promise<void>;
  /** Resolves when nothing waits and nothing is being committed. */
  idle(): Promise<void>;
}>;

type Waiting<T> = Readonly<{
  item: T;
  sinceMs: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}>;

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

/**
 * Gathers items into groups and commits one group at a time, in the order in which they came: what a commit costs is
 * shared by all that arrived while the one before was under way.
 */
export const createGroupCommit = <T>(
  commit: (items: readonly T[]) => Promise<void>,
  { lingerMs, maxLingers = 1, maxItems, wait = waitFor, onCommitted = () => undefined }: GroupCommitOptions,
): GroupCommit<T> => {
  const waiting: Waiting<T>[] = [];
  let running: Promise<void> | null = null;
  let wake = new AbortController();

  const commitGroup = async (): Promise<void> => {
    const group = waiting.splice(0, maxItems);
    try {
      await commit(group.map(({ item }) => item));
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const { resolve } of group) resolve();
    const waitedMs = performance.now() - (group[0]?.sinceMs ?? Infinity);
    onCommitted({ items: group.length, waitedMs, waiting: waiting.length });
  };

  const linger = async (): Promise<void> => {
    let before = 0;
    for (let lingers = 0; lingers < maxLingers; lingers += 1) {
      if (waiting.length === before || waiting.length >= maxItems) return;
      before = waiting.length;
      await wait(lingerMs, wake.signal);
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await linger();
      await commitGroup();
    }
    running = null;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, sinceMs: performance.now(), resolve, reject });
        if (waiting.length >= maxItems) {
          wake.abort();
          wake = new AbortController();
        }
        running ??= run();
      }),
    idle: async () => {
      wake.abort();
      while (running !== null) await running;
    },
  };
};
