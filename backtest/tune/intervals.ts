/** A range that holds the true value with 95 % confidence. */
export type Interval = Readonly<{ low: number; high: number }>;

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

/**
 * The share behind `hits` of `trials`; all of it where nothing was tried. Wilson, "Probable inference, the law of
 * succession, and statistical inference", 1927.
 */
export const wilson = (hits: number, trials: number): Interval => {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const scale = 1 + Z ** 2 / trials;
  const centre = (share + Z ** 2 / (2 * trials)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};

/** The probability of at most `count` events where `mean` are expected. */
const atMost = (count: number, mean: number): number => {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return sum;
};

/** Where a falling function of the mean comes down to `target`. */
const meanWhere = (falling: (mean: number) => number, target: number, from: number): number => {
  let low = 0;
  let high = from;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > target) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * How many events are to be expected where `count` were seen, by the exact Poisson interval: Garwood, "Fiducial limits
 * for the Poisson distribution", 1936.
 */
export const poisson = (count: number): Interval => {
  const ceiling = count + 10 * Math.sqrt(count + 1) + 10;
  return {
    low: count === 0 ? 0 : meanWhere((mean) => atMost(count - 1, mean), 0.975, ceiling),
    high: meanWhere((mean) => atMost(count, mean), 0.025, ceiling),
  };
};
