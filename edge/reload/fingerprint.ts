import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What tells one state of a file, or of the files in a folder, from another without reading them; empty when there is none. */
export const fingerprint = async (path: string): Promise<string> => {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return describe('', found);
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const files = await Promise.all(names.map(async (name) => describe(name, await stat(join(path, name)))));
    return files.join('\n');
  } catch {
    // Something is missing or was replaced this moment: another look follows.
    return '';
  }
};

const describe = (name: string, { ino, size, mtimeMs }: Stats): string => `${name} ${ino} ${size} ${mtimeMs}`;
