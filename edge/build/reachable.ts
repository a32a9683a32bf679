import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that a program needs, with what it is to hold. */
export type ReachedFile = Readonly<{ path: string; text: string }>;

export type ReachOptions = Readonly<{
  /** What a file holds, as it will be packed. */
  read: (path: string) => string;
  /** The files that a module asks for by these names; null for what is none of ours, as a part of Node. */
  resolve: (specifier: string, from: string) => string | null;
  /** Finds what a module asks for. */
  asks: RegExp;
}>;

/** All files that can be reached from one module, by what each asks for; in no particular order. */
export const reachable = (entry: string, { read, resolve, asks }: ReachOptions): readonly ReachedFile[] => {
  const found = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = read(path);
    found.set(path, text);
    if (path.endsWith('.json')) continue;
    for (const [, specifier = ''] of text.matchAll(asks)) {
      const next = resolve(specifier, path);
      if (next !== null) waiting.push(next);
    }
  }
  return [...found].map(([path, text]) => ({ path, text }));
};

const REQUIRES = /\brequire\("([^"]+)"\)/g;

/** The files of a CommonJS package that can be reached from one of its modules, those of packages under the same folder included. */
export const reachableCommonJs = (modules: string, entry: string): readonly ReachedFile[] => {
  const manifests = new Set<string>();
  const files = reachable(join(modules, entry), {
    read: (path) => readFileSync(path, 'utf8'),
    resolve(specifier, from) {
      if (specifier.startsWith('.')) return moduleAt(join(dirname(from), specifier));
      const folder = join(modules, specifier);
      if (!existsSync(join(folder, 'package.json'))) return null;
      manifests.add(join(folder, 'package.json'));
      const { main = 'index.js' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return moduleAt(join(folder, main));
    },
    asks: REQUIRES,
  });
  manifests.add(join(modules, packageOf(entry), 'package.json'));
  return [...files, ...[...manifests].map((path) => ({ path, text: readFileSync(path, 'utf8') }))];
};

const moduleAt = (path: string): string => {
  const candidates = [path, `${path}.js`, join(path, 'index.js')];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (found === undefined) throw new Error(`${path} is asked for and is not there`);
  return found;
};

const packageOf = (entry: string): string => {
  const [first = '', second = ''] = entry.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
};
