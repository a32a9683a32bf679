import fc from 'fast-check';

/**
 * Choices that were made beforehand, so that a run can be repeated and shrunk. Number 0 is always what goes well, and
 * once the tape is at its end everything goes well.
 */
export type Tape = Readonly<{
  /** One of so many possibilities, from 0. */
  choose(count: number): number;
  /** Whether one of `in` times is meant, never at the tape's end. */
  happens(oneIn: number): boolean;
}>;

export const tapeOf = (choices: readonly number[]): Tape => {
  let at = 0;
  const choose = (count: number): number => {
    const choice = choices[at] ?? 0;
    at += 1;
    return choice % count;
  };
  return { choose, happens: (oneIn) => choose(oneIn) === oneIn - 1 };
};

/** A tape on which everything goes well. */
export const BLANK: Tape = tapeOf([]);

/** Tapes on which about as much goes wrong as goes well, for a while. */
export const tapes: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(5039), {
  minLength: 20,
  maxLength: 300,
  size: 'max',
});
