import type { Forest } from '../model.ts';
import { MEMBERS, type SensorSet } from './sensor-sets.ts';

/** A forest prepared for contributions: splits and leaves apart, each in the order in which they are worked through. */
export type ContributionTable = Readonly<{
  /** The first node of each tree. */
  roots: Int32Array;
  splits: Splits;
  /** Those with the same sensors on their paths together. */
  leaves: Leaves;
  runs: readonly LeafRun[];
  /** What sensors' splits let through, path by path, as `leaves.sharesAt` says. */
  shares: Float64Array;
  /** Shapley values for each set of followed sensors, NaN where not yet worked out; null where too many. */
  known: Float32Array | null;
  /** What all rows have in common: the forest's mean by cover. */
  mean: number;
  /** Working space: by node, the sensors whose splits the row at hand has followed so far. */
  followed: Uint8Array;
}>;

/** The nodes that split, parents before their children, packed: this pass is a third of the work. */
export type Splits = Readonly<{
  /** Four words for each: the node, its left child, its sensor, and 1 where a missing value goes left. */
  words: Int32Array;
  /** Below it goes left. */
  values: Float32Array;
}>;

/** Leaves, from one to before another, whose paths have the same sensors on them. */
export type LeafRun = Readonly<{ path: SensorSet; from: number; to: number }>;

/** One entry for each leaf in every column. */
export type Leaves = Readonly<{
  node: Int32Array;
  /** Its value with its tree's weight. */
  value: Float64Array;
  /** Where the shares of its sensors begin. */
  sharesAt: Int32Array;
  /** Where its Shapley values begin in `known`. */
  knownAt: Int32Array;
}>;

// 24 MB; some 500 trees of depth 6.
const MAX_KNOWN = 6_000_000;
const EVEN_SHARE = 0.5;
const NO_SHARES = [1, 1, 1, 1, 1, 1] as const;

type Leaf = Readonly<Record<'node' | 'path' | 'value' | 'sharesAt', number>>;

type Visit = Readonly<{ node: number; set: SensorSet; shares: readonly number[] }>;

/** Prepares a forest. Where cover is missing, both ways count alike. */
export const contributionTable = (forest: Forest): ContributionTable => {
  const splits: number[] = [];
  const shares: number[] = [];
  const leaves: Leaf[] = [];
  let mean = 0;
  for (const [tree, root] of forest.roots.entries()) {
    const waiting: Visit[] = [{ node: root, set: 0, shares: NO_SHARES }];
    for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
      const left = forest.left[visit.node] ?? -1;
      if (left !== -1) {
        splits.push(visit.node);
        waiting.push(stepTo(forest, visit, left + 1), stepTo(forest, visit, left));
        continue;
      }
      const value = (forest.value[visit.node] ?? 0) * (forest.treeWeights?.[tree] ?? 1);
      const sharesAt = shares.length;
      leaves.push({ node: visit.node, path: visit.set, value, sharesAt });
      const members = MEMBERS[visit.set] ?? [];
      let reached = value;
      for (const sensor of members) {
        const share = visit.shares[sensor] ?? 1;
        shares.push(share);
        reached *= share;
      }
      mean += reached;
    }
  }
  leaves.sort((one, other) => one.path - other.path);
  // In the order in which they are worked through, which the processor's cache likes.
  let knownSize = 0;
  const knownAt = leaves.map(({ path }) => {
    const at = knownSize;
    const { length } = MEMBERS[path] ?? [];
    knownSize += length << length;
    return at;
  });
  return {
    roots: forest.roots,
    splits: packSplits(forest, splits),
    leaves: {
      node: Int32Array.from(leaves, ({ node }) => node),
      value: Float64Array.from(leaves, ({ value }) => value),
      sharesAt: Int32Array.from(leaves, ({ sharesAt }) => sharesAt),
      knownAt: Int32Array.from(knownAt),
    },
    runs: runsOf(leaves),
    shares: Float64Array.from(shares),
    known: knownSize > MAX_KNOWN ? null : new Float32Array(knownSize).fill(Number.NaN),
    mean,
    followed: new Uint8Array(forest.left.length),
  };
};

const packSplits = ({ left, sensor, defaultLeft, value }: Forest, nodes: readonly number[]): Splits => {
  const words = new Int32Array(4 * nodes.length);
  for (const [place, node] of nodes.entries())
    words.set([node, left[node] ?? 0, sensor[node] ?? 0, defaultLeft[node] ?? 0], 4 * place);
  return { words, values: Float32Array.from(nodes, (node) => value[node] ?? 0) };
};

const runsOf = (leaves: readonly Leaf[]): readonly LeafRun[] => {
  const starts = leaves.flatMap(({ path }, at) =>
    path === leaves[at - 1]?.path ? [] : [{ path, from: at }],
  );
  return starts.map((start, at) => ({ ...start, to: starts[at + 1]?.from ?? leaves.length }));
};

const stepTo = ({ sensor, cover }: Forest, { node, set, shares }: Visit, child: number): Visit => {
  const share = (cover[child] ?? 0) / (cover[node] ?? 0);
  const split = sensor[node] ?? 0;
  const path = shares.with(split, (shares[split] ?? 1) * (Number.isFinite(share) ? share : EVEN_SHARE));
  return { node: child, set: set | (1 << split), shares: path };
};
