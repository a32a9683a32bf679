/** A seeded source of choices: the same seed gives the same choices on every machine. */
export interface RandomSource {
  /** A whole number from `low` to `high`, both included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

/** mulberry32, a small generator of 32 bits of state, which is plenty for test streams. */
export const randomSource = (seed: number): RandomSource => {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    integer,
    chance: (probability) => unit() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
  };
};
