import type { TreeRecord } from '../model/formats/booster-record.ts';
import { type BinnedRows, MISSING_BIN } from './bins.ts';

/** What limits a tree. */
export type TreeSettings = Readonly<{
  depth: number;
  /**
   * The least sum of second derivatives on either side of a split; null for 4 % of the tree's, because neighbouring
   * seconds are nearly the same row, and one episode is to be no rule.
   */
  minChildWeight: number | null;
  /** L2 penalty on the values of leaves. */
  lambda: number;
  learningRate: number;
  /** No larger value of a sensor may make a row less abnormal, as of deviations; default: it may. */
  isMonotone?: boolean;
}>;

type Split = Readonly<{
  gain: number;
  sensor: number;
  /** Rows of this bin and lower ones go left. */
  bin: number;
  threshold: number;
  isMissingLeft: boolean;
}>;

/** A part of the rows, by their places in the list of rows that is put in order as the tree grows. */
type Node = Readonly<{
  from: number;
  to: number;
  depth: number;
  g: number;
  h: number;
  /** Between what its leaves may say, so that they keep the order of splits above. */
  low: number;
  high: number;
}>;

type Gradients = Readonly<{ first: Float64Array; second: Float64Array }>;

type Limits = Readonly<{ minChildWeight: number; lambda: number; isMonotone?: boolean }>;

const SMALLEST_GAIN = 1e-6;
const CHILD_SHARE = 0.04;
const LARGEST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

/** What a part of a node would say as a leaf, within the node's bounds. */
const weightOf = (g: number, h: number, lambda: number, { low, high }: Pick<Node, 'low' | 'high'>): number =>
  h + lambda > 0 ? Math.min(Math.max(-g / (h + lambda), low), high) : 0;

const histogramG = new Float64Array(MISSING_BIN + 1);
const histogramH = new Float64Array(MISSING_BIN + 1);

const fillHistogram = (
  bins: Uint8Array,
  places: Int32Array,
  { from, to }: Node,
  { first, second }: Gradients,
): void => {
  histogramG.fill(0);
  histogramH.fill(0);
  for (let i = from; i < to; i += 1) {
    const row = places[i] ?? 0;
    const bin = bins[row] ?? 0;
    histogramG[bin] = (histogramG[bin] ?? 0) + (first[row] ?? 0);
    histogramH[bin] = (histogramH[bin] ?? 0) + (second[row] ?? 0);
  }
};

/** The best split of a node by one sensor, from the histogram; null where none gains more than `least`. */
const bestOf = (
  node: Node,
  sensor: number,
  cuts: Float32Array,
  { minChildWeight, lambda, isMonotone = false }: Limits,
  least: number,
): Split | null => {
  const missingG = histogramG[MISSING_BIN] ?? 0;
  const missingH = histogramH[MISSING_BIN] ?? 0;
  const parent = node.g ** 2 / (node.h + lambda);
  let best: Split | null = null;
  let most = least;
  let leftG = 0;
  let leftH = 0;
  const consider = (g: number, h: number, bin: number, isMissingLeft: boolean): void => {
    const rightH = node.h - h;
    if (h < minChildWeight || rightH < minChildWeight || h <= 0 || rightH <= 0) return;
    const gain = g ** 2 / (h + lambda) + (node.g - g) ** 2 / (rightH + lambda) - parent;
    if (gain <= most) return;
    if (isMonotone && weightOf(g, h, lambda, node) > weightOf(node.g - g, rightH, lambda, node)) return;
    most = gain;
    best = { gain, sensor, bin, threshold: thresholdAfter(bin, cuts), isMissingLeft };
  };
  // The last bin ends a split only between what is there and what is missing.
  const ends = missingH === 0 ? cuts.length : cuts.length + 1;
  for (let bin = 0; bin < ends; bin += 1) {
    const h = histogramH[bin] ?? 0;
    // A bin that no row of the node is in makes no other split.
    if (h === 0) continue;
    leftG += histogramG[bin] ?? 0;
    leftH += h;
    // Where nothing is missing, what will be goes to the side that has more rows, or that of no deviation: nothing that
    // nobody knows is to raise an alarm.
    if (missingH === 0) consider(leftG, leftH, bin, isMonotone || leftH > node.h - leftH);
    else {
      consider(leftG, leftH, bin, false);
      consider(leftG + missingG, leftH + missingH, bin, true);
    }
  }
  return best;
};

/** Halfway between the bin and the next one that holds a row of the node. */
const thresholdAfter = (bin: number, cuts: Float32Array): number => {
  if (bin === cuts.length) return LARGEST_SINGLE;
  let next = bin + 1;
  while (next < cuts.length && histogramH[next] === 0) next += 1;
  const low = cuts[bin] ?? 0;
  return Math.fround(low + ((cuts[next - 1] ?? low) - low) / 2);
};

/** Puts the rows that go left before the others, each side in the order that it had; the place where the right side begins. */
const partition = (places: Int32Array, { from, to }: Node, bins: Uint8Array, split: Split): number => {
  const right: number[] = [];
  let at = from;
  for (let i = from; i < to; i += 1) {
    const row = places[i] ?? 0;
    const bin = bins[row] ?? 0;
    if (bin === MISSING_BIN ? split.isMissingLeft : bin <= split.bin) places[at++] = row;
    else right.push(row);
  }
  places.set(right, at);
  return at;
};

/**
 * Grows one regression tree on the chosen rows and sensors, level by level: Chen and Guestrin, "XGBoost: A Scalable Tree
 * Boosting System", 2016, with splits searched in histograms. Reorders `places`.
 */
export const growTree = (
  { bins, cuts }: BinnedRows,
  gradients: Gradients,
  places: Int32Array,
  sensors: readonly number[],
  settings: TreeSettings,
): TreeRecord => {
  const sumOf = (of: Float64Array, from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += of[places[i] ?? 0] ?? 0;
    return sum;
  };
  const nodeOf = (from: number, to: number, depth: number, low: number, high: number): Node => ({
    from,
    to,
    depth,
    g: sumOf(gradients.first, from, to),
    h: sumOf(gradients.second, from, to),
    low,
    high,
  });
  const splitOf = (node: Node): Split | null => {
    if (node.depth === settings.depth) return null;
    return sensors.reduce((best: Split | null, sensor) => {
      const its = bins[sensor];
      const itsCuts = cuts[sensor];
      if (its === undefined || itsCuts === undefined) return best;
      fillHistogram(its, places, node, gradients);
      return bestOf(node, sensor, itsCuts, limits, best?.gain ?? SMALLEST_GAIN) ?? best;
    }, null);
  };
  const root = nodeOf(0, places.length, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const limits = { ...settings, minChildWeight: settings.minChildWeight ?? root.h * CHILD_SHARE };
  const nodes: Node[] = [root];
  const splits: (Split | null)[] = [];
  const lefts: number[] = [];
  const parents: number[] = [-1];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined) break;
    const split = splitOf(node);
    splits.push(split);
    lefts.push(split === null ? -1 : nodes.length);
    if (split === null) continue;
    const middle = partition(places, node, bins[split.sensor] ?? new Uint8Array(), split);
    const depth = node.depth + 1;
    const left = nodeOf(node.from, middle, depth, node.low, node.high);
    const right = nodeOf(middle, node.to, depth, node.low, node.high);
    nodes.push(...(limits.isMonotone === true ? keptApart(left, right, limits.lambda) : [left, right]));
    parents.push(at, at);
  }
  return treeRecord(nodes, splits, lefts, parents, settings);
};

/** Bounds every leaf on the left by the middle of what both sides say, and every one on the right too. */
const keptApart = (left: Node, right: Node, lambda: number): readonly Node[] => {
  const middle = (weightOf(left.g, left.h, lambda, left) + weightOf(right.g, right.h, lambda, right)) / 2;
  return [
    { ...left, high: middle },
    { ...right, low: middle },
  ];
};

const treeRecord = (
  nodes: readonly Node[],
  splits: readonly (Split | null)[],
  lefts: readonly number[],
  parents: readonly number[],
  { lambda, learningRate }: TreeSettings,
): TreeRecord => {
  const weights = nodes.map((node) => weightOf(node.g, node.h, lambda, node));
  return {
    left: Int32Array.from(lefts),
    right: Int32Array.from(lefts, (left) => (left === -1 ? -1 : left + 1)),
    parent: Int32Array.from(parents),
    feature: Int32Array.from(splits, (split) => split?.sensor ?? 0),
    value: Float32Array.from(splits, (split, at) => split?.threshold ?? (weights[at] ?? 0) * learningRate),
    defaultLeft: Uint8Array.from(splits, (split) => Number(split?.isMissingLeft ?? false)),
    categorical: new Uint8Array(nodes.length),
    cover: Float32Array.from(nodes, ({ h }) => h),
    gain: Float32Array.from(splits, (split) => split?.gain ?? 0),
    baseWeight: Float32Array.from(weights),
  };
};
