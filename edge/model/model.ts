import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import type { Calibration } from '../../domain/model/calibration.ts';
import { printable } from '../../domain/printable.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';
import type { BaselineSettings } from './deviation.ts';

/** The objectives whose margin is a log-odds. */
export const OBJECTIVES = ['binary:logistic', 'reg:logistic', 'binary:logitraw'] as const;

export type Objective = (typeof OBJECTIVES)[number];

/** All nodes of all trees in one row of columns; a right child stands next to its left one. */
export type Forest = Readonly<{
  /** The first node of each tree. */
  roots: Int32Array;
  /** The left child's place; −1 at a leaf. */
  left: Int32Array;
  /** The place in SENSORS of what a split looks at. */
  sensor: Uint8Array;
  /** Below this value goes left; at a leaf, the leaf's value in log-odds. */
  value: Float32Array;
  /** 1 where a missing value goes left. */
  defaultLeft: Uint8Array;
  cover: Float32Array;
  gain: Float32Array;
  /** Dart's weight of each tree; null for 1 everywhere. */
  treeWeights: Float32Array | null;
}>;

/** One forest with what turns its leaves into a margin and a probability. */
export type Booster = Readonly<{
  forest: Forest;
  objective: Objective;
  booster: 'gbtree' | 'dart';
  /** The log-odds before the first tree, in single precision. */
  baseMargin: number;
  /** XGBoost up to 1.2 sums the trees before it adds the base margin. */
  baseMarginFirst: boolean;
  /** XGBoost from 1.6 on keeps every probability above 0. */
  boundedSigmoid: boolean;
  featureNames: readonly string[] | null;
  /** The XGBoost version that wrote it, such as "1.7"; "before 1.0" where the file does not say. */
  xgboost: string;
  /** Trees of one boosting round. */
  parallelTrees: number;
  /** The round that early stopping found best; all trees are used nevertheless. */
  bestIteration: number | null;
  /** What its features are where they are no sensor values. */
  baseline?: BaselineSettings;
}>;

/** A model ready to score: one booster, or the folds of a cross-validation, whose probabilities are averaged. */
export type Model = Readonly<{
  /** The file's base name. */
  name: string;
  /** The first 12 hexadecimal digits of the SHA-256 of the file's bytes. */
  version: string;
  /** What the bytes turned out to be, outside in, such as "gzip, tar, pickle, UBJSON". */
  format: string;
  objective: Objective;
  /** Log-odds before the first tree; the mean over folds. */
  baseMargin: number;
  featureNames: readonly string[] | null;
  boosters: readonly Booster[];
  /** It is given deviations from each cylinder's baseline; absent where it is given the values of the sensors. */
  baseline?: BaselineSettings;
  /** What was chosen of each booster's trees; absent where nobody has: all of them. */
  trees?: TreeChoice;
  /** What brings its probabilities to the share of abnormal samples; absent where nobody asked for it. */
  calibration?: Calibration;
}>;

/** Whether two models are given the same for a sample: its values, or deviations from baselines of one kind. */
export const hasSameInputs = (
  { baseline: one }: Pick<Model, 'baseline'>,
  { baseline: other }: Pick<Model, 'baseline'>,
): boolean => one?.samples === other?.samples && one?.smooth === other?.smooth;

const LONGEST_NAME = 100;

/** Which trees answer: all, as Booster.predict has it, or those up to the best iteration, as XGBClassifier.predict_proba. */
export type TreeChoice = 'all' | 'best';

const treesUpToBest = ({ forest, bestIteration, parallelTrees }: Booster): number =>
  bestIteration === null
    ? forest.roots.length
    : Math.min(forest.roots.length, (bestIteration + 1) * parallelTrees);

/** The model with the trees that are to answer. */
export const withTrees = (model: Model, trees: TreeChoice): Model => ({
  ...model,
  trees,
  boosters:
    trees === 'all'
      ? model.boosters
      : model.boosters.map((booster) => {
          const roots = booster.forest.roots.subarray(0, treesUpToBest(booster));
          return { ...booster, forest: { ...booster.forest, roots } };
        }),
});

/** What to know of a model of which early stopping found fewer trees best than it holds; null of all others. */
export const treesRemark = ({ name, boosters }: Model): string | null => {
  const [booster] = boosters.filter((each) => treesUpToBest(each) < each.forest.roots.length);
  if (booster === undefined) return null;
  const best = treesUpToBest(booster);
  return (
    `${name}: all ${booster.forest.roots.length} trees are used, as Booster.predict has it; early stopping found the first ` +
    `${best} best, which are all that XGBClassifier.predict_proba uses (--trees best; --trees all is silent).`
  );
};

/** How messages name a model: its name and the first digits of what it is, at most 128 characters. */
export const modelLabel = ({ name, version }: Model): string => `${name.slice(0, LONGEST_NAME)}@${version}`;

/** What kind of trouble a model file makes; `message` is one line that names the file, the trouble and what to do. */
export type ModelError = Readonly<{
  code: 'not-found' | 'unreadable' | 'too-large' | 'not-a-model' | 'damaged' | 'unsupported' | 'unsafe';
  message: string;
}>;

const LONGEST_TEXT = 300;

/** Thrown by the readers of the formats and turned into a ModelError where the file's name is known. */
export class Refusal extends SentinelError {
  override name = 'Refusal';
  override readonly code: ModelError['code'];
  readonly advice: string;

  constructor(code: ModelError['code'], what: string, advice: string) {
    super(code, what);
    this.code = code;
    this.advice = advice;
  }
}

/** The file contradicts itself or breaks off. */
export const damaged = (what: string): Refusal =>
  new Refusal('damaged', `the file is damaged: ${what}`, 'copy it again from where the model was trained');

/** The file is sound but holds a model that cannot be scored here. */
export const unsupported = (what: string, advice: string): Refusal =>
  new Refusal('unsupported', what, advice);

/** The refusal with the file's name, on one printable line. */
export const modelError = (name: string, { code, message, advice }: Refusal): ModelError => ({
  code,
  message: printable(`${name}: ${shortened(message)}; ${advice}.`),
});

// Parts of a damaged file may be quoted in what is wrong with it.
const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

/** How much of a model rests on one sensor. */
type Importance = Readonly<{
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
