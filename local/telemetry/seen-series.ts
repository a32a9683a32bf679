import type { StoredSample } from '../../usecases/ports/telemetry.ts';

/** The samples of one cylinder that are told apart by one number: by `seq` within a boot, or by `t` without one. */
export type Series = Readonly<{ key: string; cylinder: string; boot: string | null }>;

/** Whether (cylinder, boot, seq) names the sample; else (cylinder, t) does. */
export const isNumbered = (sample: StoredSample): boolean => sample.boot !== null && sample.seq !== null;

/** The number that names a sample within its series: `seq`, or `t` in ms. */
export const numberOf = (sample: StoredSample): number =>
  sample.boot !== null && sample.seq !== null ? sample.seq : sample.t;

/** Names a series; a cylinder's name holds no `/`. */
export const seriesKey = (cylinder: string, boot: string | null): string =>
  boot === null ? cylinder : `${cylinder}/${boot}`;

/** The boot of the series that a sample belongs to, null where it is told apart by `t`. */
export const bootOf = (sample: StoredSample): string | null => (sample.seq === null ? null : sample.boot);

/** More intervals than this are not kept for one series. */
const MAX_INTERVALS = 64;

/**
 * What is known of which numbers of one series are stored. Numbers in an interval [from[i], to[i]] (ascending, apart by
 * more than one) are stored; other numbers in [mayFrom, mayTo] may be; all the rest are not. No sample of it is later than
 * `lastT`, ms. Changed in place.
 */
export type SeenNumbers = { mayFrom: number; mayTo: number; from: number[]; to: number[]; lastT: number };

/** Where all that may be stored lies between two numbers; without them, nothing is stored. */
export const seenBetween = (mayFrom = Infinity, mayTo = -Infinity): SeenNumbers => ({
  mayFrom,
  mayTo,
  from: [],
  to: [],
  lastT: -Infinity,
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

/** As many series are remembered at least; beyond, those unused for longest are forgotten first, once they are saved. */
const MAX_SERIES = 100_000;

type Load = (keys: readonly string[]) => Promise<ReadonlyMap<string, SeenNumbers>>;

const copy = ({ mayFrom, mayTo, from, to, lastT }: SeenNumbers): SeenNumbers => ({
  mayFrom,
  mayTo,
  from: from.slice(),
  to: to.slice(),
  lastT,
});

/**
 * Remembers what is stored of which series. A write works on copies and keeps them only once it is committed. What was
 * changed is remembered until it is saved, and what was saved can be loaded again.
 */
export const seenSeries = (maxSeries = MAX_SERIES) => {
  const remembered = new Map<string, SeenNumbers>();
  const unsaved = new Set<string>();
  return {
    /** What is known of each of the series, as copies to change. */
    async copies(series: readonly Series[], load: Load): Promise<ReadonlyMap<string, SeenNumbers>> {
      const missing = series.flatMap(({ key }) => (remembered.has(key) ? [] : [key]));
      const loaded = missing.length === 0 ? null : await load(missing);
      return new Map(
        series.map(({ key }) => {
          const known = remembered.get(key);
          return [key, known === undefined ? (loaded?.get(key) ?? seenBetween()) : copy(known)];
        }),
      );
    },
    keep(copies: ReadonlyMap<string, SeenNumbers>): void {
      for (const [key, seen] of copies) {
        trimSeen(seen);
        remembered.delete(key);
        remembered.set(key, seen);
        unsaved.add(key);
      }
    },
    /** Whether so much was changed that it should be saved, for what is unsaved cannot be forgotten. */
    isFull: (): boolean => unsaved.size >= maxSeries / 2,
    unsaved: (): ReadonlyMap<string, SeenNumbers> =>
      new Map([...unsaved].flatMap((key) => [[key, remembered.get(key) ?? seenBetween()] as const])),
    /** To be called when all that was unsaved has been saved. */
    saved(): void {
      unsaved.clear();
      for (const key of remembered.keys()) {
        if (remembered.size <= maxSeries) break;
        remembered.delete(key);
      }
    },
    forgetAll(): void {
      remembered.clear();
      unsaved.clear();
    },
  };
};
