import { setImmediate } from 'node:timers/promises';

/** Time that goes on only when everybody waits for it, ms: what takes an hour is over at once, and always the same. */
export const virtualTime = (startMs: number) => {
  let now = startMs;
  const waiting: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms: number): Promise<void> =>
      new Promise((wake) => {
        const at = now + ms;
        const index = waiting.findLastIndex((other) => other.at <= at);
        waiting.splice(index + 1, 0, { at, wake });
      }),
    /** Lets time go on until then, or until nobody waits for it any more. */
    async run(untilMs: number): Promise<void> {
      for (;;) {
        // What was woken may ask the client of the SDK, which takes several turns.
        for (let turn = 0; turn < 3; turn += 1) await setImmediate();
        const next = waiting[0];
        if (next === undefined || next.at > untilMs) break;
        now = Math.max(now, next.at);
        while (waiting[0] !== undefined && waiting[0].at <= now) waiting.shift()?.wake();
      }
      now = Math.max(now, untilMs);
    },
  };
};

export type VirtualTime = ReturnType<typeof virtualTime>;
