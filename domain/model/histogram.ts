import * as v from 'valibot';

/** How often numbers fell between bounds: `counts` has one more entry than `edges`, and `missing` counts what was none. */
export type Histogram = Readonly<{
  /** Ascending and distinct; a value equal to an edge belongs to the bin above it. */
  edges: readonly number[];
  counts: readonly number[];
  missing: number;
}>;

/** The histograms of a model's card by which live samples are counted: of each sensor, then of the score; `id` changes with them. */
export type DriftReference = Readonly<{ id: string; histograms: readonly Histogram[] }>;

const BINS = 10;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A histogram as a model card holds it. */
export const HISTOGRAM = v.pipe(
  v.object({
    edges: v.pipe(
      v.array(v.pipe(v.number(), v.finite())),
      v.check((edges) => edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)), 'edges ascend'),
    ),
    counts: v.array(count),
    missing: count,
  }),
  v.check(({ edges, counts }) => counts.length === edges.length + 1, 'one count more than edges'),
);

/** The bin of a value: 0 below the first edge, as many as there are edges from the last on. */
export const binOf = (edges: ArrayLike<number>, value: number): number => {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= (edges[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The counts of values within given edges; null and NaN are missing. */
export const countWithin = (
  edges: readonly number[],
  values: Iterable<number | null | undefined>,
): Histogram => {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let missing = 0;
  for (const value of values) {
    if (value === null || value === undefined || Number.isNaN(value)) {
      missing += 1;
      continue;
    }
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts, missing };
};

/** Values of one sensor, or of scores: millions of them, in an array of any kind. */
export type Column = Iterable<number | null | undefined> & Readonly<{ length: number }>;

/**
 * A histogram whose bins are the tenths of the values themselves. Values that repeat fill more than a tenth, and leave
 * fewer bins; a value that never changes has one edge, itself, so that anything below it shows.
 */
export const decileHistogram = (values: Column): Histogram => {
  const known = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (typeof value === 'number' && Number.isFinite(value)) known[count++] = value;
  const sorted = known.subarray(0, count).sort();
  const cuts = Array.from(
    { length: BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)],
  );
  const edges = [...new Set(cuts)].filter((edge) => edge !== undefined);
  return countWithin(edges, values);
};
