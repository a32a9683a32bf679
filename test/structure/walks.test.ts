import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PRODUCTION_FOLDERS, productionFiles, ROOT } from './source-files.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Walk = Readonly<{ title: string; stops: readonly Readonly<{ arrow: string; path: string }>[] }>;

/** The walks that docs/architecture.md draws: the line before each, and its stops. */
const walks: readonly Walk[] = [
  ...textOf('docs/architecture.md').matchAll(/^([^\n]+):\n\n```walk\n(.*?)```/gms),
].map(([, title = '', body = '']) => ({
  title,
  stops: [...body.matchAll(/^([↓⇢]) (\S+)/gm)].map(([, arrow = '', path = '']) => ({ arrow, path })),
}));

const imports = new Map(productionFiles().map((file) => [file.path, file.imports]));

test('docs/architecture.md draws four walks', () => {
  assert.equal(walks.length, 4);
});

for (const { title, stops } of walks) {
  test(`"${title}" goes by files that are there, and by imports where it says so`, () => {
    const wrong = stops.flatMap(({ arrow, path }, index) => {
      if (!imports.has(path)) return [`${path} is not there`];
      const before = stops.slice(0, index);
      const isImported = before.some((stop) => imports.get(stop.path)?.includes(path));
      return arrow === '⇢' || isImported ? [] : [`${path} is imported by no stop before it`];
    });
    assert.deepEqual(wrong, []);
    if (!/notification/.test(title)) assert.ok(stops.length <= 12, `${stops.length} stops`);
  });
}

const NAMED = new RegExp(`\`((?:${[...PRODUCTION_FOLDERS, 'test', 'docs'].join('|')})/[\\w./-]+)\``, 'g');

test('what documents name is there', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...globSync('docs/**/*.md', { cwd: ROOT }),
  ];
  const missing = documents.flatMap((document) =>
    [...textOf(document).matchAll(NAMED)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${document} names ${path}`),
  );
  assert.deepEqual(missing, []);
});
