import { BASELINE_ATTRIBUTE, type BaselineSettings, readBaselineText } from '../deviation.ts';
import { damaged, unsupported } from '../model.ts';
import { logf } from '../predict/single-precision.ts';

/** One tree as a file tells it: one entry for each node in every column, children and parents by node number. */
export type TreeRecord = Readonly<{
  /** −1 at a leaf. */
  left: Int32Array;
  right: Int32Array;
  parent: Int32Array;
  feature: Int32Array;
  /** Where a split divides; at a leaf, its value. */
  value: Float32Array;
  defaultLeft: Uint8Array;
  /** Nodes whose split is by category. */
  categorical: Uint8Array;
  /** Sum of the second derivatives of the training rows that came by. */
  cover: Float32Array;
  gain: Float32Array;
  /** What the node would say if it were a leaf, before the learning rate. */
  baseWeight: Float32Array;
}>;

/** A booster as a file tells it, whatever the format; nothing in it has been checked yet. */
export type BoosterRecord = Readonly<{
  xgboost: XgboostVersion;
  objective: string;
  /** A probability or a margin: baseMargin tells which. */
  baseScore: number;
  featureCount: number;
  featureNames: readonly string[] | null;
  featureTypes: readonly string[];
  /** The number of classes; 0 or 1 when there is one output. */
  classCount: number;
  targetCount: number;
  parallelTrees: number;
  trees: readonly TreeRecord[];
  /** The output that each tree adds to. */
  treeOutputs: readonly number[];
  /** Dart's weight for each tree. */
  treeWeights: readonly number[] | null;
  /** The boosting round that early stopping found best, counted from 0. */
  bestIteration: number | null;
  /** What its features are where they are no sensor values; absent where they are. */
  baseline?: BaselineSettings;
}>;

// What XGBoost leaves as the feature of a node that pruning has taken away.
const DELETED_NODE_FEATURE = 0x7fffffff;

/** Whether pruning has taken a node away; it stays in its place and cannot be reached. */
export const isDeleted = (tree: TreeRecord, node: number): boolean =>
  ((tree.feature[node] ?? 0) & DELETED_NODE_FEATURE) === DELETED_NODE_FEATURE;

/** The major and minor number of the XGBoost that wrote a file; null before 1.0, which did not say. */
type XgboostVersion = readonly [number, number] | null;

export const isSince = (version: XgboostVersion, major: number, minor: number): boolean => {
  if (version === null) return false;
  return version[0] > major || (version[0] === major && version[1] >= minor);
};

const SMALLEST_BASE_SCORE = Math.fround(1e-6);
const LARGEST_BASE_SCORE = Math.fround(1 - SMALLEST_BASE_SCORE);

/** The log-odds that the trees are added to, in single precision. */
export const baseMargin = ({ xgboost, objective, baseScore }: BoosterRecord): number => {
  const base = Math.fround(baseScore);
  if (isMargin(xgboost, objective)) {
    if (!Number.isFinite(base)) throw damaged('its base_score is not finite');
    return base;
  }
  const bounded = isSince(xgboost, 3, 1) && base >= 0 && base <= 1 ? bound(base) : base;
  if (!(bounded > 0 && bounded < 1)) throw damaged(`its base_score ${baseScore} is not between 0 and 1`);
  return -logf(Math.fround(Math.fround(1 / bounded) - 1));
};

// Before 1.0 the file holds what has been transformed; from 1.3 on logitraw transforms nothing.
const isMargin = (xgboost: BoosterRecord['xgboost'], objective: string): boolean =>
  xgboost === null || (objective === 'binary:logitraw' && isSince(xgboost, 1, 3));

// From 3.1 on labels that are all alike give a base_score of 0 or 1.
const bound = (base: number): number => Math.min(Math.max(base, SMALLEST_BASE_SCORE), LARGEST_BASE_SCORE);

/** What a file's attributes say its features are; refused where that is not understood, as its scores would mean nothing. */
export const readBaseline = (
  attributeAt: (key: string) => unknown,
): Readonly<{ baseline?: BaselineSettings }> => {
  const text = attributeAt(BASELINE_ATTRIBUTE);
  if (text === undefined) return {};
  const baseline = typeof text === 'string' ? readBaselineText(text) : null;
  if (baseline === null)
    throw unsupported(`its ${BASELINE_ATTRIBUTE} is "${text}"`, 'score it with the version that trained it');
  return { baseline };
};
