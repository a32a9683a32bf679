import { damaged, Refusal, unsupported } from '../model.ts';
import type { BoosterRecord, TreeRecord } from './booster-record.ts';
import {
  countAt,
  type DocumentTree,
  type Fields,
  findObject,
  flagColumn,
  integerColumn,
  isFields,
  listAt,
  numbersAt,
  objectAt,
  singleColumn,
  textAt,
  textsAt,
} from './document-field.ts';

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
  if (!/^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i.test(text.replace(/^\[(.*)\]$/, '$1')))
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
