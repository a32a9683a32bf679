import type { Forest } from './model.ts';
import { MEMBERS, type SensorSet } from './sensor-sets.ts';

/** A forest prepared for contributions: splits and leaves apart, each in the order in which they are worked through. */
export type ContributionTable = Readonly<{
  forest: Forest;
  /** The nodes that split, parents before their children. */
  splits: Int32Array;
  leaves: Leaves;
  /** What sensors' splits let through, path by path, as `leaves.sharesAt` says. */
  shares: Float64Array;
  /** Shapley values for each set of followed sensors, NaN where not yet worked out; null where too many. */
  known: Float32Array | null;
  /** What all rows have in common: the forest's mean by cover. */
  mean: number;
  /** Working space: by node, the sensors whose splits the row at hand has followed so far. */
  followed: Uint8Array;
}>;

/** One entry for each leaf in every column. */
export type Leaves = Readonly<{
  node: Int32Array;
  /** The sensors on its path. */
  path: Uint8Array;
  /** Its value with its tree's weight. */
  value: Float64Array;
  /** Where the shares of its sensors begin. */
  sharesAt: Int32Array;
  /** Where its Shapley values begin in `known`. */
  knownAt: Int32Array;
}>;

// 24 MB; some 500 trees of depth 6.
const MOST_KNOWN = 6_000_000;
const EVEN_SHARE = 0.5;
const NO_SHARES = [1, 1, 1, 1, 1, 1] as const;

type LeafLists = Readonly<Record<keyof Leaves, number[]>>;

type Visit = Readonly<{ node: number; set: SensorSet; shares: readonly number[] }>;

/** Prepares a forest. Where cover is missing, both ways count alike. */
export function contributionTable(forest: Forest): ContributionTable {
  const splits: number[] = [];
  const shares: number[] = [];
  const leaves: LeafLists = { node: [], path: [], value: [], sharesAt: [], knownAt: [] };
  let knownSize = 0;
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
      leaves.node.push(visit.node);
      leaves.path.push(visit.set);
      leaves.value.push(value);
      leaves.sharesAt.push(shares.length);
      leaves.knownAt.push(knownSize);
      const members = MEMBERS[visit.set] ?? [];
      knownSize += members.length << members.length;
      let reached = value;
      for (const sensor of members) {
        const share = visit.shares[sensor] ?? 1;
        shares.push(share);
        reached *= share;
      }
      mean += reached;
    }
  }
  return {
    forest,
    splits: Int32Array.from(splits),
    leaves: {
      node: Int32Array.from(leaves.node),
      path: Uint8Array.from(leaves.path),
      value: Float64Array.from(leaves.value),
      sharesAt: Int32Array.from(leaves.sharesAt),
      knownAt: Int32Array.from(leaves.knownAt),
    },
    shares: Float64Array.from(shares),
    known: knownSize > MOST_KNOWN ? null : new Float32Array(knownSize).fill(Number.NaN),
    mean,
    followed: new Uint8Array(forest.left.length),
  };
}

function stepTo({ sensor, cover }: Forest, { node, set, shares }: Visit, child: number): Visit {
  const share = (cover[child] ?? 0) / (cover[node] ?? 0);
  const split = sensor[node] ?? 0;
  const path = shares.with(split, (shares[split] ?? 1) * (Number.isFinite(share) ? share : EVEN_SHARE));
  return { node: child, set: set | (1 << split), shares: path };
}
