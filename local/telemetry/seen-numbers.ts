/** More intervals than this are not kept for one series. */
const MAX_INTERVALS = 64;

/**
 * What is known of which numbers of one series are stored. Numbers in an interval [from[i], to[i]] (ascending, apart by
 * more than one) are stored; other numbers in [mayFrom, mayTo] may be; all the rest are not. Changed in place.
 */
export type SeenNumbers = { mayFrom: number; mayTo: number; from: number[]; to: number[] };

/** Where all that may be stored lies between two numbers; without them, nothing is stored. */
export const seenBetween = (mayFrom = Infinity, mayTo = -Infinity): SeenNumbers => ({
  mayFrom,
  mayTo,
  from: [],
  to: [],
});

/** The last interval that begins at or before the number, or -1. */
const intervalBefore = (from: readonly number[], number: number): number => {
  let low = 0;
  let high = from.length;
  // Live data comes after all there was: look there first.
  if (high === 0 || (from[high - 1] ?? 0) <= number) return high - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const insert = (seen: SeenNumbers, number: number, before: number): void => {
  const joinsBefore = before >= 0 && seen.to[before] === number - 1;
  const joinsAfter = seen.from[before + 1] === number + 1;
  if (joinsBefore && joinsAfter) {
    seen.to.splice(before, 1);
    seen.from.splice(before + 1, 1);
  } else if (joinsBefore) {
    seen.to[before] = number;
  } else if (joinsAfter) {
    seen.from[before + 1] = number;
  } else {
    seen.from.splice(before + 1, 0, number);
    seen.to.splice(before + 1, 0, number);
  }
};

/** What was known of a number until now; from now on it is known to be stored. */
export const see = (seen: SeenNumbers, number: number): 'stored' | 'may be stored' | 'new' => {
  const before = intervalBefore(seen.from, number);
  if (before >= 0 && number <= (seen.to[before] ?? -Infinity)) return 'stored';
  const known = number >= seen.mayFrom && number <= seen.mayTo ? 'may be stored' : 'new';
  insert(seen, number, before);
  return known;
};

/** Bounds the memory that it takes: of too many intervals the lowest are forgotten into what may be stored. */
export const trimSeen = (seen: SeenNumbers): void => {
  if (seen.from.length <= MAX_INTERVALS) return;
  const forgotten = seen.from.length - MAX_INTERVALS / 2;
  seen.mayFrom = Math.min(seen.mayFrom, seen.from[0] ?? Infinity);
  seen.mayTo = Math.max(seen.mayTo, seen.to[forgotten - 1] ?? -Infinity);
  seen.from.splice(0, forgotten);
  seen.to.splice(0, forgotten);
};
