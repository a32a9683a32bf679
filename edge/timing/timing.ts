import { setTimeout as sleep } from 'node:timers/promises';

/** The time that a gateway lives by, ms since the epoch. */
export type Clock = Readonly<{
  now(): number;
  /** Resolves when the clock shows `tMs` or the signal is aborted, whichever is first. */
  sleepUntil(tMs: number, signal: AbortSignal): Promise<void>;
}>;

/** Long sleeps look at the clock in between: it may have been set, or the machine suspended. */
const LONGEST_SLEEP_MS = 10_000;

/** A clock that started at `startMs` (default: now) and runs `speed` times as fast as the machine's. */
export const realClock = (speed: number, startMs: number = Date.now()): Clock => {
  const startedMs = Date.now();
  const now = () => startMs + Math.round((Date.now() - startedMs) * speed);
  return {
    now,
    async sleepUntil(tMs, signal) {
      while (!signal.aborted && now() < tMs) {
        const waitMs = Math.min(LONGEST_SLEEP_MS, Math.max(1, (tMs - now()) / speed));
        await sleep(waitMs, undefined, { signal }).catch(() => {});
      }
    },
  };
};

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
