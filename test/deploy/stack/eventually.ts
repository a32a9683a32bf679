import { setTimeout as sleep } from 'node:timers/promises';

type Patience = Readonly<{ withinMs?: number; everyMs?: number }>;

/** Asks again and again until the answer is as wanted; rejects with the last answer where it never is. */
export const eventually = async <T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  { withinMs = 120_000, everyMs = 100 }: Patience = {},
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
