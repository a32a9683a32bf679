import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

export type GroupCommitOptions<T> = Readonly<{
  /** How long the first of a group waits for others, ms. */
  lingerMs: number;
  /** So many times in all (default 1), as long as others came within the last: whoever waits for an answer sends none. */
  maxLingers?: number;
  /** As many as this are committed without further waiting. */
  maxItems: number;
  /** Who waits for an item, or null: one that nobody else has come with lately waits for no others. */
  senderOf?: (item: T) => string | null;
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

/** A sender is alone when no other was heard for so long. */
const ALONE_MS = 1000;
const MOST_HURRIES = 10;
const HURRIES_PER_SECOND = 2;

/** Says whether an item by itself may go at once: always from the only sender, and of several so many a second. */
const watchSenders = () => {
  let last: string | null = null;
  let changedMs = Number.NEGATIVE_INFINITY;
  let hurries = MOST_HURRIES;
  let hurriedMs = performance.now();
  return {
    areKnown: () => last !== null,
    note: (sender: string | null): void => {
      if (sender === null || sender === last) return;
      if (last !== null) changedMs = performance.now();
      last = sender;
    },
    mayHurry: (): boolean => {
      const now = performance.now();
      if (now - changedMs > ALONE_MS) return true;
      hurries = Math.min(MOST_HURRIES, hurries + ((now - hurriedMs) / 1000) * HURRIES_PER_SECOND);
      hurriedMs = now;
      if (hurries < 1) return false;
      hurries -= 1;
      return true;
    },
  };
};

/**
 * Gathers items into groups and commits one group at a time, in the order in which they came: what a commit costs is
 * shared by all that arrived while the one before was under way.
 */
export const createGroupCommit = <T>(
  commit: (items: readonly T[]) => Promise<void>,
  options: GroupCommitOptions<T>,
): GroupCommit<T> => {
  const { lingerMs, maxLingers = 1, maxItems, wait = waitFor } = options;
  const { senderOf = () => null, onCommitted = () => undefined } = options;
  const senders = watchSenders();
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
    if (senders.areKnown()) {
      // What came in one piece is there after a turn.
      await nextTurn();
      if (waiting.length === 1 && senders.mayHurry()) return;
    }
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
        senders.note(senderOf(item));
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
