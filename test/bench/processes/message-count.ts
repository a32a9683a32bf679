import * as v from 'valibot';

/** Counts messages, and tells when there have been so many. */
export const messageCount = () => {
  let count = 0;
  let awaited = Number.POSITIVE_INFINITY;
  let reached: () => void = () => undefined;
  return {
    add: (): void => {
      count += 1;
      if (count === awaited) reached();
    },
    until: (about: unknown): Promise<void> =>
      new Promise((resolve) => {
        awaited = v.parse(v.number(), about);
        reached = resolve;
        if (count >= awaited) resolve();
      }),
  };
};
