import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../model-error.ts';
import { LARGEST_MODEL_BYTES, type NamedBytes } from './read-archive.ts';
import { type Content, readContent, readFiles } from './read-content.ts';

/** The bytes at a path and the boosters in them, nothing checked yet. */
export type PathContent = Readonly<{ bytes: readonly Uint8Array[]; content: Content }>;

/** Reads a model file, or the model files of a folder. Everything wrong with them is thrown as a Refusal. */
export const readPath = async (path: string): Promise<PathContent> => {
  const found = await stat(path).catch(refuseUnreadable);
  if (!found.isDirectory()) {
    checkSize(found.size);
    const bytes = await readFile(path).catch(refuseUnreadable);
    return { bytes: [bytes], content: readContent(bytes) };
  }
  const files = await readFolder(path).catch(refuseUnreadable);
  return { bytes: files.map(({ bytes }) => bytes), content: readFiles(files, []) };
};

const readFolder = async (path: string): Promise<readonly NamedBytes[]> => {
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  const files: NamedBytes[] = [];
  let total = 0;
  for (const name of names) {
    const found = await stat(join(path, name));
    if (!found.isFile()) continue;
    total += found.size;
    checkSize(total);
    files.push({ name, bytes: await readFile(join(path, name)) });
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
