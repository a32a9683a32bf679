import { basename, resolve } from 'node:path';
import { modelError, Refusal } from '../model-error.ts';
import { buildModel, type LoadModelResult } from './read-model.ts';
import { readPath } from './read-path.ts';

/** Reads and checks the model in a file or folder. Whatever is wrong with it comes back as an error, never as a throw. */
export const loadModel = async (path: string): Promise<LoadModelResult> => {
  const name = basename(resolve(path));
  try {
    const { bytes, content } = await readPath(path);
    return { ok: true, model: buildModel(name, bytes, content) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: modelError(name, error) };
    throw error;
  }
};
