type Bucket = { sumMs: number; steps: number };

/** Of the steps in the middle, those up to so many times as long or as short are the usual ones: others are gaps. */
const USUAL = 2.5;

/** Steps that differ by less than this share are counted together. */
const RESOLUTION = 1.01;

/** Gathers how far apart the samples of one cylinder are, in any number; a sample that comes twice or late counts for nothing. */
const createSpacing = (): Readonly<{
  add(t: number): void;
  /** The usual step, gaps left out, ms; null where there are fewer than two samples. */
  typicalMs(): number | null;
}> => {
  const buckets = new Map<number, Bucket>();
  let steps = 0;
  let lastMs: number | null = null;
  return {
    add: (t) => {
      const stepMs = t - (lastMs ?? t);
      if (stepMs < 0) return;
      lastMs = t;
      if (stepMs === 0) return;
      const key = Math.round(Math.log(stepMs) / Math.log(RESOLUTION));
      const bucket = buckets.get(key) ?? { sumMs: 0, steps: 0 };
      bucket.sumMs += stepMs;
      bucket.steps += 1;
      buckets.set(key, bucket);
      steps += 1;
    },
    typicalMs: () => {
      const ascending = [...buckets].sort(([a], [b]) => a - b).map(([, bucket]) => bucket);
      let below = 0;
      const middle = ascending.find((bucket) => {
        below += bucket.steps;
        return below * 2 >= steps;
      });
      if (middle === undefined) return null;
      const medianMs = middle.sumMs / middle.steps;
      // Clocks that are written in whole seconds step by one and two where samples are 1.5 s apart.
      const usual = ascending.filter(({ sumMs, steps }) => {
        return sumMs <= USUAL * medianMs * steps && USUAL * sumMs >= medianMs * steps;
      });
      const sum = (of: (bucket: Bucket) => number) => usual.reduce((total, bucket) => total + of(bucket), 0);
      return sum(({ sumMs }) => sumMs) / sum((bucket) => bucket.steps);
    },
  };
};

/** How far apart the samples of each cylinder are, each cylinder's in any number and in the order of time. */
export const createSpacings = (): Readonly<{
  add(sample: Readonly<{ cylinder: string; t: number }>): void;
  /** The usual step of each cylinder, gaps left out, ms; null where there are fewer than two samples. */
  typical(): ReadonlyMap<string, number | null>;
}> => {
  const spacings = new Map<string, ReturnType<typeof createSpacing>>();
  return {
    add: ({ cylinder, t }) => {
      const spacing = spacings.get(cylinder) ?? createSpacing();
      spacing.add(t);
      spacings.set(cylinder, spacing);
    },
    typical: () => new Map([...spacings].map(([cylinder, spacing]) => [cylinder, spacing.typicalMs()])),
  };
};
