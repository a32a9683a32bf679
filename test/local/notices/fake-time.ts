import type { Clock } from '../../../edge/timing/timing.ts';

/** A clock that goes to where the next sleeper wants it, as soon as nobody else has anything to do. */
export const createFakeTime = (
  startMs: number,
): Clock & Readonly<{ advanceTo(tMs: number): Promise<void> }> => {
  let now = startMs;
  let sleepers: Readonly<{ tMs: number; wake: () => void }>[] = [];
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    sleepUntil: (tMs, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || tMs <= now) return resolve();
        const wake = (): void => {
          sleepers = sleepers.filter((sleeper) => sleeper.wake !== wake);
          resolve();
        };
        sleepers.push({ tMs, wake });
        signal.addEventListener('abort', wake, { once: true });
      }),
    advanceTo: async (tMs) => {
      await turn();
      for (;;) {
        const [first] = sleepers.toSorted((a, b) => a.tMs - b.tMs);
        if (first === undefined || first.tMs > tMs) break;
        now = Math.max(now, first.tMs);
        first.wake();
        await turn();
      }
      now = tMs;
    },
  };
};
