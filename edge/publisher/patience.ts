/** Waits for a promise, but only so long; null then. What the promise gives later is ignored. */
export type Patience = <T>(promise: Promise<T>) => Promise<T | null>;

/** Patience of `ms` for each promise, which ends for all of them with the signal; one listener on it serves them all. */
export const createPatience = (ms: number, signal: AbortSignal): Patience => {
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
