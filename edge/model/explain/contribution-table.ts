import type { Forest } from '../model.ts';
import { type ContributionKernel, contributionSpace } from './contribution-kernel.ts';
import { type LeafShares, MEMBERS, rankWithin, type SensorSet, shapleyOfLeaf } from './shapley.ts';

/** A forest prepared for contributions: its splits, and its ends (leaves, two of one split together), as they are met. */
export type ContributionTable = Readonly<{
  /** The first node of each tree. */
  roots: Int32Array;
  /**
   * Four words for each split, parents before their children: the node, its left child, bytes (its sensor, 1 where a
   * missing value goes left, all bits but the sensor's), and the single-precision value below which it goes left.
   */
  splits: Int32Array;
  splitValues: Float32Array;
  /** Four words for each end: its left or only leaf, its right leaf, `RULE`, and where its values begin in `known`. */
  ends: Int32Array;
  leaves: ReadonlyMap<number, LeafPath>;
  /** What sensors' splits let through, path by path. */
  shares: Float64Array;
  /**
   * WIDTH numbers for each case of each end: Shapley values by sensor, the first NaN where not yet worked out; null
   * where that would be too many.
   */
  known: Float32Array | null;
  /** What all rows have in common: the forest's mean by cover. */
  mean: number;
  /** Working space: by node, the sensors whose splits the row at hand has followed so far. */
  followed: Uint8Array;
  /** Adds up in WebAssembly what is known; null where that cannot be had. */
  kernel: ContributionKernel | null;
}>;

/** How a leaf is come to: the sensors on the way, where their shares are, its value with its tree's weight. */
type LeafPath = Readonly<{ path: SensorSet; sharesAt: number; value: number }>;

/** Numbers for a case of an end: one for each sensor, and two for the sake of even steps. */
export const WIDTH = 8;

/**
 * How the case of an end follows from its leaves: six bits of the sensors on the way, three of the split's sensor, one
 * where that has split further up (the case is then no longer told by the left leaf alone).
 */
export const RULE = { sensorShift: 6, againShift: 9, pathMask: 63, sensorMask: 7 } as const;

// 24 MB; some 2000 trees of depth 6.
const MAX_KNOWN = 6_000_000;
const EVEN_SHARE = 0.5;
const NO_SHARES = [1, 1, 1, 1, 1, 1] as const;

type Visit = Readonly<{ node: number; set: SensorSet; shares: readonly number[] }>;

/** Prepares a forest. Where cover is missing, both ways count alike. */
export const contributionTable = (forest: Forest): ContributionTable => {
  const { left, sensor } = forest;
  const splits: number[] = [];
  const shares: number[] = [];
  const ends: number[] = [];
  const leaves = new Map<number, LeafPath>();
  const isLeaf = (node: number) => left[node] === -1;
  let mean = 0;
  let knownSize = 0;
  function end(first: number, second: number, rule: number): void {
    ends.push(first, second, rule, knownSize);
    const cases = MEMBERS[rule & RULE.pathMask]?.length ?? 0;
    knownSize += WIDTH << (cases + (rule >> RULE.againShift));
  }
  for (const [tree, root] of forest.roots.entries()) {
    const waiting: Visit[] = [{ node: root, set: 0, shares: NO_SHARES }];
    for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
      const { node, set } = visit;
      const next = left[node] ?? -1;
      if (next === -1) {
        const value = (forest.value[node] ?? 0) * (forest.treeWeights?.[tree] ?? 1);
        leaves.set(node, { path: set, sharesAt: shares.length, value });
        const own = (MEMBERS[set] ?? new Uint8Array()).values().map((member) => visit.shares[member] ?? 1);
        let reached = value;
        for (const share of own) {
          shares.push(share);
          reached *= share;
        }
        mean += reached;
        continue;
      }
      splits.push(node);
      waiting.push(stepTo(forest, visit, next + 1), stepTo(forest, visit, next));
      const split = sensor[node] ?? 0;
      const path = set | (1 << split);
      const again = (set >> split) & 1;
      if (isLeaf(next) && isLeaf(next + 1))
        end(next, next + 1, path | (split << RULE.sensorShift) | (again << RULE.againShift));
      else for (const child of [next, next + 1]) if (isLeaf(child)) end(child, child, path);
    }
  }
  const isKept = knownSize <= MAX_KNOWN;
  const space = contributionSpace({
    nodes: left.length,
    splits: splits.length,
    ends: ends.length / 4,
    known: isKept ? knownSize : 0,
  });
  packSplits(forest, splits, space);
  space.ends.set(ends);
  space.known.fill(Number.NaN);
  return {
    roots: forest.roots,
    splits: space.splits,
    splitValues: space.splitValues,
    ends: space.ends,
    leaves,
    shares: Float64Array.from(shares),
    known: isKept ? space.known : null,
    mean,
    followed: space.followed,
    kernel: isKept ? space.kernel : null,
  };
};

const single = new Float32Array(WIDTH);

/** Works out the case of an end that the row at hand has met: what its leaves give each sensor, into `into` from `at`. */
export const fillCase = (table: ContributionTable, end: number, into: Float32Array, at: number): void => {
  const { ends, leaves, followed, shares } = table;
  into.fill(0, at, at + WIDTH);
  const [first = 0, second = 0] = ends.subarray(4 * end, 4 * end + 2);
  for (const leaf of first === second ? [first] : [first, second]) {
    const found = leaves.get(leaf);
    if (found === undefined) continue;
    const members = MEMBERS[found.path] ?? new Uint8Array();
    const its: LeafShares = { shares, from: found.sharesAt, count: members.length };
    shapleyOfLeaf(its, rankWithin(found.path, followed[leaf] ?? 0), found.value, single, 0);
    for (const [place, member] of members.entries())
      into[at + member] = (into[at + member] ?? 0) + (single[place] ?? 0);
  }
};

const packSplits = (
  { left, sensor, defaultLeft, value }: Forest,
  nodes: readonly number[],
  { splits, splitValues }: Pick<ContributionTable, 'splits' | 'splitValues'>,
): void => {
  for (const [place, node] of nodes.entries()) {
    const split = sensor[node] ?? 0;
    const bytes = split | ((defaultLeft[node] ?? 0) << 8) | ((0xff ^ (1 << split)) << 16);
    splits.set([node, left[node] ?? 0, bytes], 4 * place);
    splitValues[4 * place + 3] = value[node] ?? 0;
  }
};

const stepTo = ({ sensor, cover }: Forest, { node, set, shares }: Visit, child: number): Visit => {
  const share = (cover[child] ?? 0) / (cover[node] ?? 0);
  const split = sensor[node] ?? 0;
  const path = shares.with(split, (shares[split] ?? 1) * (Number.isFinite(share) ? share : EVEN_SHARE));
  return { node: child, set: set | (1 << split), shares: path };
};
