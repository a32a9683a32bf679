import { damaged, Refusal, unsupported } from '../model.ts';
import { type BoosterRecord, readBaseline, type TreeRecord } from './booster-record.ts';

// The root's parent and a deleted node's feature are written as −1, 2^31 − 1 or this by different versions.
const LARGEST_UNSIGNED = 0xffffffff;

/** A decoded JSON or UBJSON object. */
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** The object under a key, or null when there is none. */
const findObject = (fields: Fields, key: string): Fields | null => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isFields(value) ? value : null;
};

const objectAt = (fields: Fields, key: string): Fields => {
  const value = findObject(fields, key);
  if (value === null) throw damaged(`it has no ${key}`);
  return value;
};

const textAt = (fields: Fields, key: string): string => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof value !== 'string') throw damaged(`its ${key} is not a text`);
  return value;
};

/** A whole number ≥ 0, written as a number or as a text of digits; `otherwise` when the key is absent. */
const countAt = (fields: Fields, key: string, otherwise?: number): number => {
  const value = Object.hasOwn(fields, key) ? fields[key] : otherwise;
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 0xffffffff)
    throw damaged(`its ${key} is not a count`);
  return count;
};

type NumberList = Int32Array | Float32Array | Float64Array;

type List = readonly unknown[] | NumberList;

/** A list under a key, from a JSON array or a typed UBJSON one; empty when the key is absent. */
const listAt = (fields: Fields, key: string): List => {
  const value = Object.hasOwn(fields, key) ? fields[key] : [];
  if (Array.isArray(value) || isNumberList(value)) return value;
  throw damaged(`its ${key} is not a list`);
};

const isNumberList = (value: unknown): value is NumberList =>
  value instanceof Float32Array || value instanceof Int32Array || value instanceof Float64Array;

/** Every entry as a text. */
const textsAt = (fields: Fields, key: string): readonly string[] =>
  Array.from(listAt(fields, key), (value) => {
    if (typeof value !== 'string') throw damaged(`its ${key} holds something that is not a text`);
    return value;
  });

/** Every entry as a finite number. */
const numbersAt = (fields: Fields, key: string): readonly number[] =>
  Array.from(listAt(fields, key), (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw damaged(`its ${key} holds something that is not a number`);
    return value;
  });

/** A tree as a document has it, and how many nodes it announces. */
type DocumentTree = Readonly<{ fields: Fields; count: number }>;

/**
 * The nodes of all trees under a key, one tree after the other, as node or feature numbers. The first model of a
 * process is read before anything is compiled: so columns go through functions of the platform as far as can be.
 */
const integerColumn = (trees: readonly DocumentTree[], key: string): Int32Array => {
  const numbers = gather(new Float64Array(nodesOf(trees)), trees, key, NUMBERS);
  const column = new Int32Array(numbers);
  if (Buffer.from(numbers.buffer).equals(Buffer.from(new Float64Array(column).buffer))) return column;
  for (let i = 0; i < column.length; i++)
    if (column[i] !== numbers[i] && numbers[i] !== LARGEST_UNSIGNED)
      throw damaged(`its ${key} holds ${numbers[i]}, which is no node or feature number`);
  return column;
};

/** The nodes of all trees under a key as numbers of single precision. */
const singleColumn = (trees: readonly DocumentTree[], key: string): Float32Array =>
  gather(new Float32Array(nodesOf(trees)), trees, key, NUMBERS);

/** The nodes of all trees under a key as 0 or 1. */
const flagColumn = (trees: readonly DocumentTree[], key: string): Uint8Array =>
  gather(new Uint8Array(nodesOf(trees)), trees, key, FLAGS);

const nodesOf = (trees: readonly DocumentTree[]): number => trees.reduce((sum, { count }) => sum + count, 0);

/** What entries may be: whether all of a list are so as a rule, and each of a list that is otherwise. */
type Kind = Readonly<{
  areUsual: (list: List) => list is readonly number[] | NumberList;
  read: (value: unknown, key: string) => number;
}>;

const gather = <Column extends Float32Array | Float64Array | Uint8Array>(
  column: Column,
  trees: readonly DocumentTree[],
  key: string,
  { areUsual, read }: Kind,
): Column => {
  let from = 0;
  for (const { fields, count } of trees) {
    const list = listAt(fields, key);
    if (list.length !== count) throw damaged(`its ${key} has ${list.length} entries for ${count} nodes`);
    column.set(areUsual(list) ? list : list.map((value) => read(value, key)), from);
    from += count;
  }
  return column;
};

const numberIn = (value: unknown, key: string): number => {
  if (typeof value !== 'number') throw damaged(`its ${key} holds something that is not a number`);
  return value;
};

const NUMBERS: Kind = {
  areUsual: (list): list is readonly number[] | NumberList =>
    !Array.isArray(list) || list.every(Number.isFinite),
  read: numberIn,
};

const USUAL_FLAGS: readonly unknown[] = [0, 1, false, true];

// Truth values up to 1.5, which a column takes as 0 and 1, and numbers since.
const FLAGS: Kind = {
  areUsual: (list): list is readonly number[] =>
    [...new Set(list)].every((flag) => USUAL_FLAGS.includes(flag)),
  read: (value, key) => (typeof value === 'boolean' ? Number(value) : numberIn(value, key) === 0 ? 0 : 1),
};

/** The booster in a decoded XGBoost document, as JSON and UBJSON files both hold it (XGBoost's model.schema). */
export const readDocument = (document: unknown): BoosterRecord => {
  if (!isFields(document) || (!Object.hasOwn(document, 'learner') && !Object.hasOwn(document, 'Model')))
    throw new Refusal(
      'not-a-model',
      'this is no XGBoost model, for it has no "learner"',
      'save one with booster.save_model("model.json")',
    );
  // A pickled booster keeps its configuration beside the model.
  const whole = findObject(document, 'Model') ?? document;
  const learner = objectAt(whole, 'learner');
  const gradientBooster = objectAt(learner, 'gradient_booster');
  const booster = textAt(gradientBooster, 'name');
  if (booster !== 'gbtree' && booster !== 'dart')
    throw unsupported(`it holds a ${booster} booster`, 'train with booster=gbtree or booster=dart');
  const model =
    findObject(gradientBooster, 'model') ?? objectAt(objectAt(gradientBooster, 'gbtree'), 'model');
  const parameters = objectAt(learner, 'learner_model_param');
  const forest = objectAt(model, 'gbtree_model_param');
  const trees = listAt(model, 'trees');
  const treeCount = countAt(forest, 'num_trees');
  if (trees.length !== treeCount) throw damaged(`it announces ${treeCount} trees and holds ${trees.length}`);
  const names = textsAt(learner, 'feature_names');
  return {
    xgboost: readVersion(whole),
    objective: textAt(objectAt(learner, 'objective'), 'name'),
    baseScore: readBaseScore(parameters),
    featureCount: countAt(parameters, 'num_feature'),
    featureNames: names.length === 0 ? null : names,
    featureTypes: textsAt(learner, 'feature_types'),
    classCount: countAt(parameters, 'num_class', 0),
    targetCount: Math.max(countAt(parameters, 'num_target', 1), countAt(forest, 'size_leaf_vector', 0)),
    parallelTrees: Math.max(1, countAt(forest, 'num_parallel_tree', 1)),
    trees: readTrees(Array.from(trees, readTree)),
    treeOutputs: numbersAt(model, 'tree_info'),
    treeWeights: readWeights(booster, gradientBooster, model),
    bestIteration: readBestIteration(findObject(learner, 'attributes')),
    ...readBaseline((key) => findObject(learner, 'attributes')?.[key]),
  };
};

const readVersion = (whole: Fields): readonly [number, number] | null => {
  const [major, minor] = numbersAt(whole, 'version');
  return major === undefined || minor === undefined ? null : [major, minor];
};

// A number as text; from 3.1 on a list with one number for each target.
const readBaseScore = (parameters: Fields): number => {
  const value = parameters.base_score;
  if (typeof value === 'number') return value;
  const text = textAt(parameters, 'base_score');
  const scores = text.replace(/^\[(.*)\]$/, '$1').split(',');
  if (scores.length > 1) throw unsupported('it has several outputs', 'train a model with one output');
  if (!/^[-+]?(\d+(\.\d+)?|\.\d+)(e[-+]?\d+)?$/i.test(text.replace(/^\[(.*)\]$/, '$1')))
    throw damaged(`its base_score is "${text}"`);
  return Number(scores[0]);
};

// Up to 3.3 beside the trees of a booster named dart; since then within a model that is named gbtree.
const readWeights = (booster: string, gradientBooster: Fields, model: Fields): readonly number[] | null => {
  if (Object.hasOwn(model, 'weight_drop')) {
    const weights = numbersAt(model, 'weight_drop');
    return weights.length === 0 && booster === 'gbtree' ? null : weights;
  }
  return booster === 'dart' ? numbersAt(gradientBooster, 'weight_drop') : null;
};

const readBestIteration = (attributes: Fields | null): number | null => {
  const value = attributes?.best_iteration;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
};

const readTree = (fields: unknown): DocumentTree => {
  if (!isFields(fields)) throw damaged('one of its trees is not an object');
  const count = countAt(objectAt(fields, 'tree_param'), 'num_nodes');
  const { length } = listAt(fields, 'left_children');
  if (length !== count) throw damaged(`a tree announces ${count} nodes and holds ${length}`);
  return { fields, count };
};

const readTrees = (trees: readonly DocumentTree[]): readonly TreeRecord[] => {
  const left = integerColumn(trees, 'left_children');
  const right = integerColumn(trees, 'right_children');
  const parent = integerColumn(trees, 'parents');
  const feature = integerColumn(trees, 'split_indices');
  const value = singleColumn(trees, 'split_conditions');
  const defaultLeft = flagColumn(trees, 'default_left');
  // The oldest JSON has no splits by category.
  const categorical = trees.some(({ fields }) => Object.hasOwn(fields, 'split_type'))
    ? flagColumn(trees, 'split_type')
    : new Uint8Array(left.length);
  const cover = singleColumn(trees, 'sum_hessian');
  const gain = singleColumn(trees, 'loss_changes');
  const baseWeight = singleColumn(trees, 'base_weights');
  let next = 0;
  return trees.map(({ count }) => {
    const from = next;
    next += count;
    return {
      left: left.subarray(from, next),
      right: right.subarray(from, next),
      parent: parent.subarray(from, next),
      feature: feature.subarray(from, next),
      value: value.subarray(from, next),
      defaultLeft: defaultLeft.subarray(from, next),
      categorical: categorical.subarray(from, next),
      cover: cover.subarray(from, next),
      gain: gain.subarray(from, next),
      baseWeight: baseWeight.subarray(from, next),
    };
  });
};
