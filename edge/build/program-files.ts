import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { reachable } from './reachable.ts';
import type { ZipEntry } from './zip.ts';

/** `from './x.ts'`, `import './x.ts'`, `import('./x.ts')` and `new URL('./x.json', import.meta.url)`. */
const ASKS = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)'([^']+)'/g;
const OWN = /((?:\bfrom\s*|\bimport\s*\(?\s*)'\.[^']*)\.ts'/g;

/**
 * A program's modules, from its entry on, as JavaScript that any Node from 22.13 on runs: the types are blanked out and
 * nothing else is changed, so that lines and columns in a stack trace are those of the source.
 */
export const programFiles = (root: string, entry: string): readonly ZipEntry[] => {
  const files = reachable(join(root, entry), {
    read: (path) => {
      const text = readFileSync(path, 'utf8');
      return path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    },
    resolve: (specifier, from) => (specifier.startsWith('.') ? join(dirname(from), specifier) : null),
    asks: ASKS,
  });
  return files.map(({ path, text }) => ({
    path: relative(root, path).replace(/\.ts$/, '.js'),
    bytes: Buffer.from(text.replace(OWN, "$1.js'")),
  }));
};
