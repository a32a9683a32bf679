import { SENSORS } from '../../../domain/message/sample.ts';
import type { Booster, Forest } from '../model.ts';
import { unsupported } from '../model-error.ts';
import { type BoosterRecord, baseMargin, isSince, type TreeRecord } from './booster-record.ts';
import { checkBooster, checkTree } from './check-booster.ts';

/** Checks what a file tells and lays it out for scoring. */
export const buildBooster = (record: BoosterRecord): Booster => {
  const objective = checkBooster(record);
  const order = sensorOrder(record.featureNames);
  for (const [number, tree] of record.trees.entries()) checkTree(tree, record.featureCount, number);
  return {
    forest: layOut(record.trees, order, record.treeWeights),
    objective,
    booster: record.treeWeights === null ? 'gbtree' : 'dart',
    baseMargin: baseMargin(record),
    baseMarginFirst: isSince(record.xgboost, 1, 3),
    boundedSigmoid: isSince(record.xgboost, 1, 6),
    featureNames: record.featureNames,
    xgboost: record.xgboost === null ? 'before 1.0' : record.xgboost.join('.'),
    parallelTrees: record.parallelTrees,
    bestIteration: record.bestIteration,
  };
};

const layOut = (
  trees: readonly TreeRecord[],
  order: readonly number[],
  weights: readonly number[] | null,
): Forest => {
  const total = trees.reduce((sum, { left }) => sum + left.length, 0);
  const forest = {
    roots: new Int32Array(trees.length),
    left: new Int32Array(total),
    sensor: new Uint8Array(total),
    value: new Float32Array(total),
    defaultLeft: new Uint8Array(total),
    cover: new Float32Array(total),
    gain: new Float32Array(total),
    treeWeights: weights === null ? null : Float32Array.from(weights),
  };
  let root = 0;
  for (const [number, tree] of trees.entries()) {
    forest.roots[number] = root;
    for (let node = 0; node < tree.left.length; node++) {
      const child = tree.left[node] ?? -1;
      forest.left[root + node] = child === -1 ? -1 : root + child;
      forest.sensor[root + node] = order[tree.feature[node] ?? 0] ?? 0;
    }
    forest.value.set(tree.value, root);
    forest.defaultLeft.set(tree.defaultLeft, root);
    forest.cover.set(tree.cover, root);
    forest.gain.set(tree.gain, root);
    root += tree.left.length;
  }
  return forest;
};

const KNOWN: readonly string[] = SENSORS;

/** For each feature of a model its place in SENSORS: by name, or in order where the model has no names of its own. */
const sensorOrder = (featureNames: readonly string[] | null): readonly number[] => {
  if (featureNames === null || featureNames.every((name, i) => name === `f${i}`))
    return SENSORS.map((_, i) => i);
  const order = featureNames.map((name) => KNOWN.indexOf(name));
  if (order.length !== SENSORS.length || new Set(order).size !== SENSORS.length || order.includes(-1))
    throw unsupported(
      `its features are named ${featureNames.slice(0, 8).join(', ')}`,
      `train it on ${SENSORS.join(', ')}`,
    );
  return order;
};
