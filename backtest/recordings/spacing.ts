type Bucket = { sumMs: number; steps: number };

/** Steps that differ by less than this share are counted together. */
const RESOLUTION = 1.01;

/** Gathers how far apart the samples of one cylinder are, in any number; a sample that comes twice or late counts for nothing. */
const createSpacing = (): Readonly<{
  add(t: number): void;
  /** The step in the middle, ms; null where there are fewer than two samples. */
  medianMs(): number | null;
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
    medianMs: () => {
      let below = 0;
      for (const [, bucket] of [...buckets].sort(([a], [b]) => a - b)) {
        below += bucket.steps;
        if (below * 2 >= steps) return bucket.sumMs / bucket.steps;
      }
      return null;
    },
  };
};

/** How far apart the samples of each cylinder are, each cylinder's in any number and in the order of time. */
export const createSpacings = (): Readonly<{
  add(sample: Readonly<{ cylinder: string; t: number }>): void;
  /** The step in the middle of each cylinder, ms; null where there are fewer than two samples. */
  medians(): ReadonlyMap<string, number | null>;
}> => {
  const spacings = new Map<string, ReturnType<typeof createSpacing>>();
  return {
    add: ({ cylinder, t }) => {
      const spacing = spacings.get(cylinder) ?? createSpacing();
      spacing.add(t);
      spacings.set(cylinder, spacing);
    },
    medians: () => new Map([...spacings].map(([cylinder, spacing]) => [cylinder, spacing.medianMs()])),
  };
};
