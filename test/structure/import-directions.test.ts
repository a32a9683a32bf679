import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PRODUCTION_FOLDERS, productionFiles, ROOT, sourceFiles } from './source-files.ts';

const ticked = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

type Rule = Readonly<{ folder: string; mayImport: readonly string[]; packages: readonly string[] }>;

/** The table of docs/architecture.md: folder, what lives there, folders and packages that it may import. */
const rules: readonly Rule[] = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| `[a-z]+\/` \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, folder = '', , folders = '', packages = '']) => ({
    folder: ticked(folder).join().replace('/', ''),
    mayImport: ticked(folders).map((name) => name.replace('/', '')),
    packages: ticked(packages),
  }));

const isNamed = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const folderOf = (path: string): string => path.split('/')[0] ?? '';

const ruleOf = (path: string): Rule => {
  const rule = rules.find(({ folder }) => folder === folderOf(path));
  if (rule === undefined) throw new Error(`docs/architecture.md says nothing of ${folderOf(path)}/`);
  return rule;
};

test('docs/architecture.md has a row for every folder of the program', () => {
  const named = rules.map(({ folder }) => folder).filter((folder) => folder !== 'test');
  assert.deepEqual(named.toSorted(), PRODUCTION_FOLDERS.toSorted());
  const known = new Set<string>([
    ...PRODUCTION_FOLDERS,
    'test',
    'docs',
    'node_modules',
    'build',
    'sentinel-data',
  ]);
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unnamed = folders.map(({ name }) => name).filter((name) => !name.startsWith('.') && !known.has(name));
  assert.deepEqual(unnamed, []);
});

test('a folder imports from those that docs/architecture.md names for it, and from no other', () => {
  const wrong = productionFiles().flatMap(({ path, imports }) =>
    imports
      .filter((imported) => folderOf(imported) !== folderOf(path))
      .filter((imported) => !ruleOf(path).mayImport.includes(folderOf(imported)))
      .map((imported) => `${path} imports ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('a folder uses the packages that docs/architecture.md names for it, and no other', () => {
  const wrong = productionFiles().flatMap(({ path, packages }) =>
    packages
      .filter((name) => !ruleOf(path).packages.some((pattern) => isNamed(name, pattern)))
      .map((name) => `${path} uses ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('a function imports nothing of another function', () => {
  const wrong = sourceFiles(['functions']).flatMap(({ path, imports }) =>
    imports
      .filter(
        (imported) =>
          folderOf(imported) === 'functions' &&
          imported !== 'functions/environments.ts' &&
          imported.split('/')[1] !== path.split('/')[1],
      )
      .map((imported) => `${path} imports ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('nothing of the program imports a test', () => {
  const wrong = productionFiles().filter(({ imports }) =>
    imports.some((imported) => /^test\/|\.test\.ts$/.test(imported)),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});
