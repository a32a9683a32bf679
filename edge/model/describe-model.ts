import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import type { Booster, Forest, Model } from './model.ts';

/** How much of a model rests on one sensor. */
export type Importance = Readonly<{
  sensor: Sensor;
  splits: number;
  /** Its part 0…1 of the gain of all splits. */
  gainShare: number;
}>;

/** What `sentinel model inspect` tells of a model. */
export type ModelDescription = Readonly<{
  xgboost: string;
  booster: string;
  trees: number;
  treesARound: number;
  /** Splits on the longest way from a root to a leaf. */
  depth: number;
  leaves: number;
  /** Which of the trees answer, in words. */
  used: string;
  importance: readonly Importance[];
}>;

/** Describes each booster of a model; folds one by one. */
export const describeModel = ({ boosters }: Model): readonly ModelDescription[] =>
  boosters.map((booster) => ({
    xgboost: booster.xgboost,
    booster: booster.booster,
    trees: booster.forest.roots.length,
    treesARound: booster.parallelTrees,
    depth: depthOf(booster.forest),
    leaves: reachable(booster.forest).filter((node) => booster.forest.left[node] === -1).length,
    used: usedTrees(booster),
    importance: importanceOf(booster.forest),
  }));

const usedTrees = ({ forest, bestIteration, parallelTrees }: Booster): string => {
  const count = forest.roots.length;
  if (bestIteration === null) return `all ${count}`;
  const best = Math.min(count, (bestIteration + 1) * parallelTrees);
  if (best === count) return `all ${count}; the best iteration ${bestIteration} is the last`;
  return `all ${count}; the best iteration ${bestIteration} would take the first ${best}`;
};

const reachable = ({ roots, left }: Forest): readonly number[] => {
  const nodes = [...roots];
  // Grows while it is walked: each split adds its children.
  for (const node of nodes) {
    const next = left[node] ?? -1;
    if (next !== -1) nodes.push(next, next + 1);
  }
  return nodes;
};

const depthOf = (forest: Forest): number => {
  const depths = new Map<number, number>();
  let deepest = 0;
  for (const node of reachable(forest)) {
    const depth = depths.get(node) ?? 0;
    deepest = Math.max(deepest, depth);
    const next = forest.left[node] ?? -1;
    if (next !== -1) depths.set(next, depth + 1).set(next + 1, depth + 1);
  }
  return deepest;
};

const importanceOf = (forest: Forest): readonly Importance[] => {
  const splits = reachable(forest).filter((node) => forest.left[node] !== -1);
  const gainOf = (nodes: readonly number[]) => nodes.reduce((sum, node) => sum + (forest.gain[node] ?? 0), 0);
  const total = gainOf(splits);
  return SENSORS.map((sensor, place) => {
    const own = splits.filter((node) => forest.sensor[node] === place);
    return { sensor, splits: own.length, gainShare: total > 0 ? gainOf(own) / total : 0 };
  });
};
