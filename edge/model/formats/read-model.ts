import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { type Model, type ModelError, modelError, Refusal } from '../model.ts';
import { buildBooster } from './build-booster.ts';
import { type Content, readContent } from './read-content.ts';
import { readPath } from './read-path.ts';

/** A model ready to score, or what is wrong with what was to be one. */
export type LoadModelResult = Readonly<{ ok: true; model: Model } | { ok: false; error: ModelError }>;

const VERSION_DIGITS = 12;

/** The model in the bytes of a file, found by their content; `name` is what errors and messages call it. */
export const readModel = (bytes: Uint8Array, name: string): LoadModelResult => {
  try {
    return { ok: true, model: buildModel(name, [bytes], readContent(bytes)) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: modelError(name, error) };
    throw error;
  }
};

/** Checks what was read and makes it ready to score; a Refusal is thrown where it cannot be. */
export const buildModel = (name: string, bytes: readonly Uint8Array[], content: Content): Model => {
  const boosters = content.boosters.map(buildBooster);
  const [first] = boosters;
  if (first === undefined) throw new Error(`reading ${name} gave neither a booster nor a reason`);
  if (boosters.some(({ objective }) => objective !== first.objective))
    throw new Refusal('unsupported', 'its folds have different objectives', 'train all folds alike');
  const hash = createHash('sha256');
  for (const part of bytes) hash.update(part);
  return {
    name,
    version: hash.digest('hex').slice(0, VERSION_DIGITS),
    format: content.format.join(', '),
    objective: first.objective,
    baseMargin: boosters.reduce((sum, booster) => sum + booster.baseMargin, 0) / boosters.length,
    featureNames: first.featureNames,
    boosters,
  };
};

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
