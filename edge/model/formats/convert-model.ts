import { basename, resolve } from 'node:path';
import { type ModelError, modelError, Refusal, unsupported } from '../model-error.ts';
import { buildBooster } from './build-booster.ts';
import { readPath } from './read-path.ts';
import { writeJson } from './write-json.ts';

export type ConvertModelResult = Readonly<{ ok: true; json: string } | { ok: false; error: ModelError }>;

/** The model at a path as XGBoost's JSON; the folds of a cross-validation have to be converted one by one. */
export const convertModel = async (path: string): Promise<ConvertModelResult> => {
  try {
    const { boosters } = (await readPath(path)).content;
    const [first] = boosters;
    if (first === undefined || boosters.length > 1)
      throw unsupported(
        `it holds ${boosters.length} folds, which no single file can`,
        'convert each of them',
      );
    buildBooster(first);
    return { ok: true, json: writeJson(first) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: modelError(basename(resolve(path)), error) };
    throw error;
  }
};
