/** Probability over time for a chart, in the order of time; null where no sample came for long. */
export type Trace = Readonly<{ t: readonly number[]; p: readonly (number | null)[] }>;

type Bucket = { lowT: number; low: number; highT: number; high: number };

/** A pause of so many times the usual step interrupts the line. */
const GAP_PERIODS = 5;

const widen = (bucket: Bucket, other: Bucket): void => {
  if (other.low < bucket.low) [bucket.low, bucket.lowT] = [other.low, other.lowT];
  if (other.high > bucket.high) [bucket.high, bucket.highT] = [other.high, other.highT];
};

const pointsOf = ({ lowT, low, highT, high }: Bucket): readonly (readonly [t: number, p: number])[] => {
  if (low === high) return [[lowT, low]];
  return lowT < highT
    ? [
        [lowT, low],
        [highT, high],
      ]
    : [
        [highT, high],
        [lowT, low],
      ];
};

/**
 * Thins out a cylinder's probabilities, in any order, to at most twice `maxBuckets` points: the lowest and the highest
 * of each bucket stay where they were, so that no peak is hidden. Buckets double as the recording grows.
 */
export const createTrace = (maxBuckets: number, samplePeriodMs: number) => {
  let bucketMs = samplePeriodMs;
  let buckets = new Map<number, Bucket>();

  const put = (into: Map<number, Bucket>, bucket: Bucket): void => {
    const key = Math.floor(bucket.lowT / bucketMs);
    const before = into.get(key);
    if (before === undefined) into.set(key, bucket);
    else widen(before, bucket);
  };

  return {
    add: (t: number, p: number): void => {
      put(buckets, { lowT: t, low: p, highT: t, high: p });
      while (buckets.size > maxBuckets) {
        bucketMs *= 2;
        const wider = new Map<number, Bucket>();
        for (const bucket of buckets.values()) put(wider, bucket);
        buckets = wider;
      }
    },
    /** `spacingMs` is the usual step between samples, where it is known. */
    read: (spacingMs = samplePeriodMs): Trace => {
      const points = [...buckets.values()].flatMap(pointsOf).sort(([a], [b]) => a - b);
      const gapMs = Math.max(GAP_PERIODS * spacingMs, 3 * bucketMs);
      const t: number[] = [];
      const p: (number | null)[] = [];
      for (const [at, probability] of points) {
        const last = t.at(-1);
        if (last !== undefined && at - last > gapMs) {
          t.push(last + 1);
          p.push(null);
        }
        t.push(at);
        p.push(probability);
      }
      return { t, p };
    },
  };
};

/** A trace with at most twice `maxBuckets` points, peaks kept. */
export const thinOut = (trace: Trace, maxBuckets: number, samplePeriodMs: number): Trace => {
  if (trace.t.length <= 2 * maxBuckets) return trace;
  const thinned = createTrace(maxBuckets, samplePeriodMs);
  for (const [index, t] of trace.t.entries()) {
    const p = trace.p[index] ?? null;
    if (p !== null) thinned.add(t, p);
  }
  return thinned.read();
};
