/** Waits for a promise, but no longer than until the signal is aborted; undefined then. Leaves nothing on a signal that lives long. */
export const untilAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** Waits for a promise, but only so long; null then. What the promise gives later is ignored. */
export type WithTimeout = <T>(promise: Promise<T>) => Promise<T | null>;

/** WithTimeout of `ms` for each promise, which ends for all of them with the signal; one listener on it serves them all. */
export const createWithTimeout = (ms: number, signal: AbortSignal): WithTimeout => {
  const giveUps = new Set<() => void>();
  function giveUpAll(): void {
    for (const giveUp of giveUps) giveUp();
  }
  signal.addEventListener('abort', giveUpAll, { once: true });
  return (promise) =>
    new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        giveUps.delete(giveUp);
      };
      const giveUp = () => {
        finish();
        resolve(null);
      };
      const timer = setTimeout(giveUp, ms);
      giveUps.add(giveUp);
      if (signal.aborted) giveUp();
      promise.then(resolve, reject).finally(finish);
    });
};
