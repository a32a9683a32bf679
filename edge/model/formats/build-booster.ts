import { SENSORS } from '../../../domain/message/sample.ts';
import { type Booster, type Forest, unsupported } from '../model.ts';
import { type BoosterRecord, baseMargin, isSince, type TreeRecord } from './booster-record.ts';
import { checkBooster, checkTree } from './check-booster.ts';

/** Checks what a file tells and lays it out for scoring. */
export const buildBooster = (record: BoosterRecord): Booster => {
  const objective = checkBooster(record);
  const order = sensorOrder(record.featureNames);
  return {
    forest: layOut(record, order),
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

const layOut = ({ trees, treeWeights, featureCount }: BoosterRecord, order: readonly number[]): Forest => {
  const total = trees.reduce((sum, { left }) => sum + left.length, 0);
  const forest = {
    roots: new Int32Array(trees.length),
    left: new Int32Array(total).fill(-1),
    sensor: new Uint8Array(total),
    value: new Float32Array(total),
    defaultLeft: new Uint8Array(total),
    cover: new Float32Array(total),
    gain: new Float32Array(total),
    treeWeights: treeWeights === null ? null : Float32Array.from(treeWeights),
  };
  let root = 0;
  for (const [number, tree] of trees.entries()) {
    if (!layOutSplits(tree, order, forest, root)) checkTree(tree, featureCount, number);
    forest.roots[number] = root;
    forest.value.set(tree.value, root);
    forest.defaultLeft.set(tree.defaultLeft, root);
    forest.cover.set(tree.cover, root);
    forest.gain.set(tree.gain, root);
    root += tree.left.length;
  }
  return forest;
};

/**
 * Copies a tree's splits, and says whether it is as nearly all are, so that it needs no closer look: children side by
 * side behind their parent, every node in use. The first model of a process is read before anything is compiled.
 */
const layOutSplits = (tree: TreeRecord, order: readonly number[], forest: Forest, root: number): boolean => {
  const { left, right, parent, feature } = tree;
  let isUsual = !tree.categorical.includes(1) && tree.value.every(Number.isFinite);
  let splits = 0;
  for (let node = 0; node < left.length; node++) {
    const child = left[node] ?? -1;
    if (child === -1) continue;
    const sensor = order[feature[node] ?? -1];
    if (child <= node || right[node] !== child + 1 || sensor === undefined) isUsual = false;
    if (parent[child] !== node || parent[child + 1] !== node) isUsual = false;
    forest.left[root + node] = root + child;
    forest.sensor[root + node] = sensor ?? 0;
    splits++;
  }
  return isUsual && 2 * splits + 1 === left.length;
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
