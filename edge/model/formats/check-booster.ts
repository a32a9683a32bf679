import { SENSORS } from '../../../domain/message/sample.ts';
import { OBJECTIVES, type Objective } from '../model.ts';
import { damaged, unsupported } from '../model-error.ts';
import type { BoosterRecord } from './booster-record.ts';

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
  if (record.trees.length === 0) throw damaged('it holds no trees');
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
