/** Counts work that has begun and not ended. */
export type InFlight = Readonly<{
  begin(): void;
  end(): void;
  /** Resolves when nothing is in flight, or after `atMostMs`. */
  idle(atMostMs: number): Promise<void>;
}>;

export const createInFlight = (): InFlight => {
  let count = 0;
  let wake: (() => void) | null = null;
  return {
    begin: () => {
      count += 1;
    },
    end: () => {
      count -= 1;
      if (count === 0) wake?.();
    },
    idle: (atMostMs) =>
      new Promise((resolve) => {
        if (count === 0) return resolve();
        const timer = setTimeout(resolve, atMostMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};
