import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { hasSameInputs, type Model, type ModelError, modelError, Refusal } from '../model.ts';
import { buildBooster } from './build-booster.ts';
import { LARGEST_MODEL_BYTES, type NamedBytes } from './pick-model-files.ts';
import { type Content, readContent, readFiles } from './read-content.ts';

/** The bytes at a path and the boosters in them, nothing checked yet. */
type PathContent = Readonly<{ bytes: readonly Uint8Array[]; content: Content }>;

/**
 * Reads a model file, or the model files of a folder. Everything wrong with them is thrown as a Refusal. Files are read
 * at once: by way of the thread pool the first model of a process would take half as long again.
 */
export const readPath = async (path: string): Promise<PathContent> => {
  const found = await readBytes(path).catch(refuseUnreadable);
  if (found instanceof Uint8Array) return { bytes: [found], content: readContent(found) };
  return { bytes: found.map(({ bytes }) => bytes), content: readFiles(found, []) };
};

const readBytes = async (path: string): Promise<Uint8Array | readonly NamedBytes[]> => {
  const found = statSync(path);
  if (found.isDirectory()) return readFolder(path);
  checkSize(found.size);
  // A pipe may keep whoever reads it waiting.
  return found.isFile() ? readFileSync(path) : await readFile(path);
};

const readFolder = (path: string): readonly NamedBytes[] => {
  const names = readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort();
  const files: NamedBytes[] = [];
  let total = 0;
  for (const name of names) {
    const found = statSync(join(path, name));
    if (!found.isFile()) continue;
    total += found.size;
    checkSize(total);
    files.push({ name, bytes: readFileSync(join(path, name)) });
  }
  return files;
};

const checkSize = (bytes: number): void => {
  if (bytes > LARGEST_MODEL_BYTES)
    throw new Refusal('too-large', `it has ${bytes} bytes`, 'a model may have up to 40 MB');
};

const refuseUnreadable = (error: unknown): never => {
  if (error instanceof Refusal) throw error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw new Refusal('not-found', 'there is no such file', 'give the path of a model file or folder');
  const reason = error instanceof Error ? error.message : String(error);
  throw new Refusal('unreadable', `it cannot be read: ${reason}`, 'check the path and its permissions');
};

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
  const { baseline } = first;
  if (!boosters.every((fold) => hasSameInputs(fold, first)))
    throw new Refusal('unsupported', 'its folds have different baselines', 'train all folds alike');
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
    ...(baseline === undefined ? {} : { baseline }),
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
