import { fileURLToPath } from 'node:url';
import { loadModel } from '../../edge/model/formats/read-model.ts';
import type { Model } from '../../edge/model/model.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Where the model of the simulated line lies. */
export const LINE_MODEL = fileURLToPath(new URL('../../edge/model/simulated-line.json', import.meta.url));

/** Opens a model; rejects with a line that names it, what is wrong with it and what to do. */
export const openModel = async (path: string): Promise<Model> => {
  const loaded = await loadModel(path);
  if (!loaded.ok) throw new UsageError(loaded.error.message);
  return loaded.model;
};
