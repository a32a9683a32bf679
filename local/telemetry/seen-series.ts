import { type SeenNumbers, seenBetween, trimSeen } from './seen-numbers.ts';
import type { Series } from './series.ts';

/** As many series are remembered; the one longest unused is forgotten first, and read from the table when it is back. */
const MAX_SERIES = 4096;

type Load = (series: readonly Series[]) => Promise<ReadonlyMap<string, SeenNumbers>>;

const copy = ({ mayFrom, mayTo, from, to }: SeenNumbers): SeenNumbers => ({
  mayFrom,
  mayTo,
  from: from.slice(),
  to: to.slice(),
});

/**
 * Remembers what is stored of which series. A write works on copies and keeps them only once it is committed; after a
 * write that failed, nobody knows what is in the table, so its series are forgotten.
 */
export const seenSeries = (maxSeries = MAX_SERIES) => {
  const remembered = new Map<string, SeenNumbers>();
  return {
    /** What is known of each of the series, as copies to change. */
    async copies(series: readonly Series[], load: Load): Promise<ReadonlyMap<string, SeenNumbers>> {
      const missing = series.filter(({ key }) => !remembered.has(key));
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
      }
      for (const key of remembered.keys()) {
        if (remembered.size <= maxSeries) break;
        remembered.delete(key);
      }
    },
    forget(series: readonly Series[]): void {
      for (const { key } of series) remembered.delete(key);
    },
  };
};
