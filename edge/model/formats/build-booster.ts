import { SENSORS } from '../../../domain/message/sample.ts';
import { type Booster, damaged, type Forest, OBJECTIVES, type Objective, unsupported } from '../model.ts';
import { type BoosterRecord, baseMargin, isDeleted, isSince, type TreeRecord } from './booster-record.ts';

/** Refuses a booster whose answer would not be the probability of one row of six sensors. */
const checkBooster = (record: BoosterRecord): Objective => {
  const objective = OBJECTIVES.find((known) => known === record.objective);
  if (objective === undefined)
    throw unsupported(
      `its objective is ${record.objective}, whose output is no probability`,
      `train with one of ${OBJECTIVES.join(', ')}`,
    );
  if (record.classCount > 1)
    throw unsupported(`it tells ${record.classCount} classes apart`, 'train a model with two classes');
  if (record.targetCount > 1)
    throw unsupported(`it has ${record.targetCount} outputs`, 'train a model with one output');
  if (record.featureCount !== SENSORS.length)
    throw unsupported(
      `it takes ${record.featureCount} features instead of ${SENSORS.length}`,
      `train it on ${SENSORS.join(', ')}`,
    );
  if (record.featureTypes.includes('c')) throw categorical();
  if (record.trees.length === 0)
    throw unsupported(
      'it was trained for 0 rounds: without trees it says the same of every row',
      'train it for at least one round (num_boost_round, n_estimators)',
    );
  checkLists(record);
  return objective;
};

const checkLists = ({ trees, treeOutputs, treeWeights, parallelTrees }: BoosterRecord): void => {
  if (treeOutputs.length !== trees.length)
    throw damaged(`it lists the outputs of ${treeOutputs.length} trees and holds ${trees.length}`);
  if (treeOutputs.some((output) => output !== 0)) throw damaged('a tree adds to an output that is not there');
  if (treeWeights !== null && treeWeights.length !== trees.length)
    throw damaged(`it has weights for ${treeWeights.length} trees and holds ${trees.length}`);
  if (parallelTrees > trees.length) throw damaged(`it announces ${parallelTrees} trees a round`);
};

/** The refusal of splits by category. */
const categorical = () =>
  unsupported('it splits by category', 'train it on numbers only, without enable_categorical');

/** Refuses a tree that is none: children out of range, met twice or apart, numbers that are not finite, lost nodes. */
const checkTree = (tree: TreeRecord, featureCount: number, number: number): void => {
  const count = tree.left.length;
  if (count === 0) throw damaged(`tree ${number} has no nodes`);
  const seen = new Uint8Array(count);
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    seen[node] = 1;
    if (!Number.isFinite(tree.value[node]))
      throw damaged(`${placeOf(node, number)} has a value that is not finite`);
    const left = tree.left[node] ?? -1;
    if (left === -1) continue;
    checkSplit(tree, node, featureCount, number);
    for (let child = left; child <= left + 1; child++) {
      if (child <= 0 || child >= count)
        throw damaged(`${placeOf(node, number)} has a child ${child}, which is not there`);
      if (seen[child] === 1)
        throw damaged(`${placeOf(node, number)} has a child ${child} that hangs elsewhere already`);
      if (tree.parent[child] !== node) throw damaged(`node ${child} of tree ${number} denies its parent`);
      seen[child] = 1;
      waiting.push(child);
    }
  }
  const lost = seen.includes(0) ? seen.findIndex((met, node) => met === 0 && !isDeleted(tree, node)) : -1;
  if (lost !== -1) throw damaged(`node ${lost} of tree ${number} cannot be reached`);
};

const placeOf = (node: number, tree: number): string => `node ${node} of tree ${tree}`;

const checkSplit = (tree: TreeRecord, node: number, featureCount: number, number: number): void => {
  if (tree.right[node] !== (tree.left[node] ?? 0) + 1)
    throw damaged(`${placeOf(node, number)} has children that are apart`);
  if (tree.categorical[node] !== 0) throw categorical();
  const feature = tree.feature[node] ?? -1;
  if (feature < 0 || feature >= featureCount)
    throw damaged(`${placeOf(node, number)} splits on feature ${feature} of ${featureCount}`);
};

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
    ...(record.baseline === undefined ? {} : { baseline: record.baseline }),
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
