import type { SensorValues } from '../../domain/message/sample.ts';
import { loadModel } from '../model/formats/load-model.ts';
import type { Model } from '../model/model.ts';
import { validateCandidateModel } from './validate-candidate-model.ts';

/** What became of a new file: `kept` when it is the model that runs already. */
export type Reloading =
  | Readonly<{ kind: 'swap'; model: Model }>
  | Readonly<{ kind: 'kept' }>
  | Readonly<{ kind: 'refused'; message: string }>;

/** Loads what is at the path now and judges whether it may take the place of the current model. */
export const reloadModel = async (
  path: string,
  current: Model,
  rows: () => readonly SensorValues[],
): Promise<Reloading> => {
  const loaded = await loadModel(path);
  if (!loaded.ok) return { kind: 'refused', message: loaded.error.message };
  const { model } = loaded;
  if (model.version === current.version) return { kind: 'kept' };
  const objection = validateCandidateModel(current, model, rows());
  if (objection === null) return { kind: 'swap', model };
  return { kind: 'refused', message: `${model.name}@${model.version}: ${objection}` };
};
