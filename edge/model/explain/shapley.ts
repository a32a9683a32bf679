import { SENSORS } from '../../../domain/message/sample.ts';

/** A set of sensors as bits: bit i for the sensor at place i in SENSORS. */
export type SensorSet = number;

export const ALL_SENSORS: SensorSet = (1 << SENSORS.length) - 1;

/** For each set its sensors' places, ascending. */
export const MEMBERS: readonly Uint8Array[] = Array.from({ length: ALL_SENSORS + 1 }, (_, set) =>
  Uint8Array.from(SENSORS.keys().filter((sensor) => (set >> sensor) & 1)),
);

/** For a set above, and a subset of all sensors in the six bits below, what rankWithin says: 4 KB. */
export const RANKS = new Uint8Array((ALL_SENSORS + 1) ** 2);
for (const [set, members] of MEMBERS.entries())
  for (let subset = 0; subset <= ALL_SENSORS; subset++)
    for (const [i, sensor] of members.entries())
      RANKS[(set << SENSORS.length) | subset] =
        (RANKS[(set << SENSORS.length) | subset] ?? 0) | (((subset >> sensor) & 1) << i);

/** The bits of `subset` that belong to `set`, moved together: a number from 0 to below 2^(members of set). */
export const rankWithin = (set: SensorSet, subset: SensorSet): number =>
  RANKS[(set << SENSORS.length) | subset] ?? 0;

const MAX_FEATURES = 8;

// Working space: the calculation runs for each leaf of each tree and must not allocate.
const sums = new Float64Array(MAX_FEATURES + 1);

/** The leaf's path: for each feature on it the share of training weight that follows all its splits. */
export type LeafShares = Readonly<{ shares: Float64Array; from: number; count: number }>;

/**
 * Shapley values of one leaf (Lundberg et al., "Consistent Individualized Feature Attribution for Tree Ensembles",
 * 2018), in closed form for few features: knowing a feature pays 1 where the row follows its splits and 0 where it
 * leaves them, not knowing it pays its share. `follows` has a bit for each feature; one number for each goes to `into`.
 */
export const shapleyOfLeaf = (
  { shares, from, count }: LeafShares,
  follows: number,
  value: number,
  into: Float32Array,
  at: number,
): void => {
  for (let feature = 0; feature < count; feature++) {
    const share = shares[from + feature] ?? 0;
    const without = payWithout(shares, from, count, follows, feature);
    into[at + feature] = value * without * (((follows >> feature) & 1) - share);
  }
};

/** What the other features pay, averaged over all orders in which they may become known before this one. */
const payWithout = (
  shares: Float64Array,
  from: number,
  count: number,
  follows: number,
  without: number,
): number => {
  // At k: the sum, over sets of k followed features, of the product of the other followed ones' shares.
  sums.fill(0);
  sums[0] = 1;
  let left = 1;
  let size = 0;
  for (let feature = 0; feature < count; feature++) {
    if (feature === without) continue;
    const share = shares[from + feature] ?? 0;
    if (((follows >> feature) & 1) === 0) left *= share;
    else {
      size++;
      for (let k = size; k > 0; k--) sums[k] = (sums[k] ?? 0) * share + (sums[k - 1] ?? 0);
      sums[0] = (sums[0] ?? 0) * share;
    }
  }
  let total = 0;
  // k! (n − k − 1)! / n! for k = 0, then for each next k.
  let weight = 1 / count;
  for (let k = 0; k <= size; k++) {
    total += weight * (sums[k] ?? 0);
    weight *= (k + 1) / (count - k - 1);
  }
  return left * total;
};
