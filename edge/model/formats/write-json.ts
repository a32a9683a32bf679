import { basename, resolve } from 'node:path';
import { BASELINE_ATTRIBUTE, baselineText } from '../deviation.ts';
import { type ModelError, modelError, Refusal, unsupported } from '../model.ts';
import { float32Text, sigmoid } from '../predict/single-precision.ts';
import { type BoosterRecord, baseMargin, isDeleted, isSince, type TreeRecord } from './booster-record.ts';
import { buildBooster } from './build-booster.ts';
import { readPath } from './read-model.ts';

const ROOT_PARENT = 0x7fffffff;
// The version that stands for all before 1.0: the oldest that a JSON file can name.
const OLDEST = [1, 0] as const;

/**
 * The booster as XGBoost's JSON, which Python's xgboost 1.0 and later loads. Every number reads back to the same
 * single-precision number.
 */
export const writeJson = (original: BoosterRecord): string => {
  const record = withReadableBaseScore(original);
  const forest = `{${members({
    gbtree_model_param: JSON.stringify({
      num_parallel_tree: String(record.parallelTrees),
      num_trees: String(record.trees.length),
      size_leaf_vector: '0',
    }),
    tree_info: list(record.treeOutputs, String),
    trees: `[${record.trees.map((tree, id) => treeText(tree, id, record.featureCount)).join(',')}]`,
  })}}`;
  const tree = `{"model":${forest},"name":"gbtree"}`;
  const { treeWeights, bestIteration, baseline } = record;
  const dart = `{"gbtree":${tree},"name":"dart","weight_drop":${list(treeWeights ?? [], floatText)}}`;
  return `{"learner":{${members({
    attributes: JSON.stringify({
      ...(bestIteration === null ? {} : { best_iteration: String(bestIteration) }),
      ...(baseline === undefined ? {} : { [BASELINE_ATTRIBUTE]: baselineText(baseline) }),
    }),
    feature_names: JSON.stringify(record.featureNames ?? []),
    feature_types: '[]',
    gradient_booster: treeWeights === null ? tree : dart,
    learner_model_param: JSON.stringify({
      base_score: float32Text(Math.fround(record.baseScore)),
      boost_from_average: '1',
      num_class: '0',
      num_feature: String(record.featureCount),
      num_target: '1',
    }),
    objective: JSON.stringify({ name: record.objective, reg_loss_param: { scale_pos_weight: '1' } }),
  })}},"version":[${[...(record.xgboost ?? OLDEST), 0].join(',')}]}`;
};

const members = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(',');

const list = (values: ArrayLike<number>, text: (value: number) => string): string =>
  `[${Array.from(values, text).join(',')}]`;

// XGBoost tells whole numbers from others by their look.
const floatText = (value: number): string => {
  const text = float32Text(value);
  return /[.e]/.test(text) ? text : `${text}E0`;
};

const flagText = (value: number): string => (value === 0 ? 'false' : 'true');

const treeText = (tree: TreeRecord, id: number, featureCount: number): string => {
  const deleted = tree.left.reduce((sum, _, node) => sum + Number(isDeleted(tree, node)), 0);
  return `{${members({
    base_weights: list(tree.baseWeight, floatText),
    categories: '[]',
    categories_nodes: '[]',
    categories_segments: '[]',
    categories_sizes: '[]',
    default_left: list(tree.defaultLeft, flagText),
    id: String(id),
    left_children: list(tree.left, String),
    loss_changes: list(tree.gain, floatText),
    parents: list(tree.parent, (parent) => String(parent < 0 ? ROOT_PARENT : parent)),
    right_children: list(tree.right, String),
    split_conditions: list(tree.value, floatText),
    split_indices: list(tree.feature, String),
    split_type: list(tree.categorical, String),
    sum_hessian: list(tree.cover, floatText),
    tree_param: JSON.stringify({
      num_deleted: String(deleted),
      num_feature: String(featureCount),
      num_nodes: String(tree.left.length),
      size_leaf_vector: '0',
    }),
  })}}`;
};

/** The record with a base_score that gives its base margin in the versions that read JSON. */
const withReadableBaseScore = (record: BoosterRecord): BoosterRecord => {
  if (isSince(record.xgboost, 1, 3)) return record;
  const margin = baseMargin(record);
  // What logitraw's base_score means changed with 1.3.
  if (record.objective === 'binary:logitraw') return { ...record, baseScore: margin, xgboost: [1, 3] };
  const oldest = { ...record, xgboost: OLDEST };
  // Rounding may have moved the probability by some units in its last place.
  const near = neighbours(sigmoid(margin, false));
  const exact = near.find((baseScore) => baseMargin({ ...oldest, baseScore }) === margin);
  return { ...oldest, baseScore: exact ?? near[0] ?? record.baseScore };
};

const neighbours = (value: number): readonly number[] => {
  const image = new DataView(new ArrayBuffer(4));
  image.setFloat32(0, value);
  const bits = image.getUint32(0);
  return [0, 1, -1, 2, -2, 3, -3, 4, -4].map((step) => {
    image.setUint32(0, bits + step);
    return image.getFloat32(0);
  });
};

export type ConvertModelResult = Readonly<{ ok: true; json: string } | { ok: false; error: ModelError }>;

/** The model at a path as XGBoost's JSON; the folds of a cross-validation have to be converted one by one. */
export const convertModel = async (path: string): Promise<ConvertModelResult> => {
  try {
    const { boosters } = (await readPath(path)).content;
    const [first] = boosters;
    if (first === undefined || boosters.length > 1)
      throw unsupported(
        `it holds ${boosters.length} folds, which no single file can`,
        'convert each of them',
      );
    buildBooster(first);
    return { ok: true, json: writeJson(first) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: modelError(basename(resolve(path)), error) };
    throw error;
  }
};
