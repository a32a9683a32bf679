/** Wakes the one who waits. */
export type WakeSignal = Readonly<{
  notify(): void;
  /** Resolves at the next ring or, when it rang since the last wait, at once; after `ms` or an abort in any case. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}>;

export const createWakeSignal = (): WakeSignal => {
  let isNotified = false;
  let wake = () => {};
  return {
    notify() {
      isNotified = true;
      wake();
    },
    async wait(ms, signal) {
      if (!isNotified && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
      }
      isNotified = false;
    },
  };
};

/** Resolves after `ms` or an abort, whichever is first. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => createWakeSignal().wait(ms, signal);

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
