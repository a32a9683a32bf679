import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { sync } from '../run/data-folder.ts';
import { LocalError } from '../run/local-error.ts';

/**
 * What an export says of itself, in `export.json`: which samples it holds, by when they were taken, and whether all of them
 * are there. Times are ISO 8601 in UTC.
 */
const MANIFEST = v.object({
  format: v.literal(1),
  finished: v.boolean(),
  from: v.string(),
  to: v.string(),
  cylinder: v.nullable(v.string()),
  files: v.number(),
  samples: v.number(),
  incidents: v.number(),
});
export type Manifest = v.InferOutput<typeof MANIFEST>;

const NAME = 'export.json';

/** What a folder says of itself; null where it is no export. Throws one line where that cannot be read. */
export const readManifest = (folder: string): Manifest | null => {
  const path = join(folder, NAME);
  if (!existsSync(path)) return null;
  try {
    return v.parse(MANIFEST, JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new LocalError(
      'Foreign',
      `${path} is not that of an export of this program, or of a newer one: name another folder`,
      error,
    );
  }
};

/** Writes what a folder says of itself, whole or not at all. */
export const writeManifest = (folder: string, manifest: Manifest): void => {
  const path = join(folder, NAME);
  writeFileSync(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  sync(`${path}.part`);
  renameSync(`${path}.part`, path);
  sync(folder);
};

/** Throws one line where a folder holds something that an export of that would not go on with. */
export const checkPlace = (folder: string, wanted: Pick<Manifest, 'from' | 'to' | 'cylinder'>): void => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return;
  const manifest = found.isDirectory() ? readManifest(folder) : null;
  if (manifest === null)
    throw new LocalError(
      'NotEmpty',
      `${folder} is ${found.isDirectory() ? 'a folder with something else in it' : 'a file'}: name a folder that is empty or not there yet`,
    );
  const { from, to, cylinder, finished, samples } = manifest;
  if (!finished && from === wanted.from && to === wanted.to && cylinder === wanted.cylinder) return;
  const held = `from ${from} to ${to}${cylinder === null ? '' : ` of ${cylinder}`}`;
  throw new LocalError(
    'NotEmpty',
    finished
      ? `${folder} holds a finished export ${held}, with ${samples.toLocaleString('en')} samples: name another folder, or remove that one`
      : `an export ${held} was broken off in ${folder}: ask for the same to go on with it, or name another folder`,
  );
};
