import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../model.ts';
import { LARGEST_MODEL_BYTES, type NamedBytes } from './read-archive.ts';
import { type Content, readContent, readFiles } from './read-content.ts';

/** The bytes at a path and the boosters in them, nothing checked yet. */
export type PathContent = Readonly<{ bytes: readonly Uint8Array[]; content: Content }>;

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
