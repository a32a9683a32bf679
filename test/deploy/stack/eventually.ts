import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

type Patience = Readonly<{ withinMs?: number; everyMs?: number }>;

/** A real AWS gathers batches for half a minute and files for five, and every question costs. */
const PATIENCE =
  env.SENTINEL_ACCOUNT === undefined
    ? { withinMs: 120_000, everyMs: 100 }
    : { withinMs: 1_800_000, everyMs: 5000 };

/** Asks again and again until the answer is as wanted; rejects with the last answer where it never is. */
export const eventually = async <T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  { withinMs = PATIENCE.withinMs, everyMs = PATIENCE.everyMs }: Patience = {},
): Promise<T> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs / 1000} s; last: ${JSON.stringify(answer)?.slice(0, 4000)}`);
    }
    await sleep(everyMs);
  }
};
