import assert from 'node:assert/strict';
import { test } from 'node:test';
import { depthOf, folderGraph } from './folder-graph.ts';
import { ringsOf } from './rings.ts';
import { productionFiles, type SourceFile } from './source-files.ts';

const file = (path: string, imports: readonly string[]): SourceFile => ({
  path,
  imports,
  lines: 1,
  packages: [],
});

test('no folder imports from a folder that imports from it, over whatever others', () => {
  const files = productionFiles();
  const depths = Array.from({ length: depthOf(files) }, (_, index) => index + 1);
  const rings = depths.flatMap((depth) => ringsOf(folderGraph(files, depth)));
  assert.deepEqual(
    rings.map((ring) => ring.join(' ⇄ ')),
    [],
  );
});

test('no file imports from a file that imports from it', () => {
  assert.deepEqual(
    ringsOf(new Map(productionFiles().map(({ path, imports }) => [path, new Set(imports)]))),
    [],
  );
});

test('a ring over three folders is found, and one between a folder and its own subfolder', () => {
  const files = [
    file('a/x/one.ts', ['a/y/two.ts']),
    file('a/y/two.ts', ['b/three.ts']),
    file('b/three.ts', ['a/x/four.ts']),
    file('a/x/four.ts', ['c/five.ts']),
    file('c/five.ts', ['c/d/six.ts']),
    file('c/d/six.ts', ['c/seven.ts']),
    file('c/seven.ts', []),
  ];
  assert.deepEqual(ringsOf(folderGraph(files, 1)), [['a', 'b']]);
  assert.deepEqual(ringsOf(folderGraph(files, 2)), [
    ['a/x', 'a/y', 'b'],
    ['c', 'c/d'],
  ]);
});

test('a folder may import from its subfolder where that does not import from it', () => {
  const files = [file('c/five.ts', ['c/d/six.ts']), file('c/d/six.ts', ['e/seven.ts'])];
  assert.deepEqual(ringsOf(folderGraph(files, 2)), []);
});
