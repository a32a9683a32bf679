import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import { binOf } from '../../domain/model/histogram.ts';

/** The bin of a value that is missing. */
export const MISSING_BIN = 255;
const MOST_BINS = 255;

/** Rows laid out by sensor, in single precision as a model sees them, and in bins, which is how splits are searched. */
export type BinnedRows = Readonly<{
  count: number;
  /** The values of each sensor; NaN where missing. */
  values: readonly Float32Array[];
  bins: readonly Uint8Array[];
  /** The bounds of each sensor's bins: the values of bin i are below cut i, and at or above the one before. */
  cuts: readonly Float32Array[];
}>;

/** Halfway between neighbours, above the lower one even where single precision has nothing between them. */
const between = (lower: number, upper: number): number => {
  const middle = Math.fround(lower + (upper - lower) / 2);
  return middle > lower ? middle : upper;
};

/** A cut between every two neighbouring values, or, where there are more than bins, so that bins hold about as many rows. */
const cutsOf = (values: Float32Array): Float32Array => {
  let count = values.length;
  // NaN comes last.
  const sorted = values.toSorted();
  while (Number.isNaN(sorted[count - 1])) count -= 1;
  const ends: number[] = [];
  for (let i = 1; i < count; i += 1) if (sorted[i] !== sorted[i - 1]) ends.push(i);
  const isAll = ends.length < MOST_BINS;
  const cuts: number[] = [];
  let nextRank = 0;
  for (const end of ends) {
    if (!isAll && end < nextRank) continue;
    cuts.push(between(sorted[end - 1] ?? 0, sorted[end] ?? 0));
    nextRank = ((cuts.length + 1) * count) / MOST_BINS;
    if (cuts.length === MOST_BINS - 1) break;
  }
  return Float32Array.from(cuts);
};

const binsOf = (values: Float32Array, cuts: Float32Array): Uint8Array => {
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    bins[row] = Number.isNaN(value) ? MISSING_BIN : binOf(cuts, value);
  }
  return bins;
};

/** Lays rows out for training: at most 255 bins for each sensor, whose cuts lie halfway between values. */
export const binRows = (rows: readonly Readonly<{ values: SensorValues }>[]): BinnedRows => {
  const values = SENSORS.map(() => new Float32Array(rows.length));
  for (const [place, row] of rows.entries())
    for (const [sensor, value] of row.values.entries()) {
      const column = values[sensor];
      if (column !== undefined) column[place] = value ?? Number.NaN;
    }
  const cuts = values.map(cutsOf);
  const bins = values.map((its, sensor) => binsOf(its, cuts[sensor] ?? new Float32Array()));
  return { count: rows.length, values, bins, cuts };
};
