import { SENSORS } from '../../../domain/message/sample.ts';
import { damaged, OBJECTIVES, type Objective, unsupported } from '../model.ts';
import { type BoosterRecord, isDeleted, type TreeRecord } from './booster-record.ts';

/** Refuses a booster whose answer would not be the probability of one row of six sensors. */
export const checkBooster = (record: BoosterRecord): Objective => {
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
export const categorical = () =>
  unsupported('it splits by category', 'train it on numbers only, without enable_categorical');

/** Refuses a tree that is none: children out of range, met twice or apart, numbers that are not finite, lost nodes. */
export const checkTree = (tree: TreeRecord, featureCount: number, number: number): void => {
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
