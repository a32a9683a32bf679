const MAX_NAMES = 1000;

/** So many a second, and as many at once as come in two seconds; by a name each, of which few are remembered. */
export const rateLimit = (perSecond: number, nowMs: () => number = () => performance.now()) => {
  const left = new Map<string, { tokens: number; at: number }>();
  return (name: string): boolean => {
    const at = nowMs();
    const before = left.get(name) ?? { tokens: 2 * perSecond, at };
    const tokens = Math.min(2 * perSecond, before.tokens + ((at - before.at) / 1000) * perSecond);
    left.delete(name);
    left.set(name, { tokens: tokens < 1 ? tokens : tokens - 1, at });
    const [oldest] = left.keys();
    if (left.size > MAX_NAMES && oldest !== undefined) left.delete(oldest);
    return tokens >= 1;
  };
};

/** What takes longer waits for something else, and others need not wait for it. */
const LONG_MS = 50;
/** Rests so much longer than the work before took. */
const REST = 2;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Does one work after the other and rests between those that wait for each other, so that whatever is asked of it, two
 * thirds of the time are left to all else that goes on in this process.
 */
export const inTurn = () => {
  let last = Promise.resolve();
  let waiting = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    waiting += 1;
    await before;
    waiting -= 1;
    const begin = performance.now();
    const done = work();
    const isOver = Promise.race([done.then(() => undefined), pause(LONG_MS)]).catch(() => undefined);
    isOver
      .then(() => (waiting === 0 ? undefined : pause(REST * (performance.now() - begin))))
      .then(resolve, resolve);
    return await done;
  };
};
