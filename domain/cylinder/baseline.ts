/** Running mean and variance of one sensor while its cylinder was healthy. */
export type Baseline = Readonly<{ n: number; mean: number; variance: number }>;

/** Memory of the usual range, in samples: an hour at one a second. */
const MEMORY_SAMPLES = 3600;

/** Below this many samples nothing is called usual. */
const MIN_SAMPLES = 60;

export const EMPTY_BASELINE: Baseline = { n: 0, mean: 0, variance: 0 };

/** Learns one healthy value: an exponentially weighted mean and variance (Finch, 2009), exact until the memory is full. */
export const learn = (known: Baseline, value: number): Baseline => {
  const n = Math.min(known.n + 1, MEMORY_SAMPLES);
  const weight = 1 / n;
  const difference = value - known.mean;
  const step = weight * difference;
  const variance = (1 - weight) * (known.variance + difference * step);
  // A value beyond all measure would make the rest of what is known worthless.
  return Number.isFinite(variance) ? { n, mean: known.mean + step, variance } : known;
};

/** Mean plus and minus two standard deviations, or null while too little is known. */
export const rangeOf = ({ n, mean, variance }: Baseline): Readonly<{ low: number; high: number }> | null => {
  if (n < MIN_SAMPLES) return null;
  const spread = 2 * Math.sqrt(Math.max(0, variance));
  return { low: mean - spread, high: mean + spread };
};

/** How many standard deviations a value lies from the usual mean, with its sign; 0 while too little is known. */
export const deviationOf = ({ n, mean, variance }: Baseline, value: number): number => {
  if (n < MIN_SAMPLES) return 0;
  // A sensor that hardly moves has no spread to speak of: a fiftieth of its value stands in for it.
  const deviation = Math.max(Math.sqrt(Math.max(0, variance)), Math.abs(mean) / 50, Number.EPSILON);
  return (value - mean) / deviation;
};
