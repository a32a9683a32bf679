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
