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
}>;

const LONGEST_NAME = 100;

/** How messages name a model: its name and the first digits of what it is, at most 128 characters. */
export const modelLabel = ({ name, version }: Model): string => `${name.slice(0, LONGEST_NAME)}@${version}`;
