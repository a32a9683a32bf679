import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importChain } from './import-chain.ts';
import { productionFiles } from './source-files.ts';

/** How many files may lie one below the other under a handler, types included. The number may only become smaller. */
const MAX_FILES = 11;
const MAX_HANDLER_LINES = 40;

const files = productionFiles();
const handlers = files.filter(({ path }) => /^functions\/[^/]+\/handler\.ts$/.test(path));

test(`no way down from a handler is longer than ${MAX_FILES} files`, () => {
  const long = handlers
    .map(({ path }) => importChain(files, path))
    .filter((chain) => chain.length > MAX_FILES)
    .map((chain) => chain.join(' › '));
  assert.deepEqual(long, []);
});

test(`a handler has at most ${MAX_HANDLER_LINES} lines, and nothing beside it but the environments of all`, () => {
  const long = handlers.filter(({ lines }) => lines > MAX_HANDLER_LINES).map(({ path }) => path);
  const others = files
    .map(({ path }) => path)
    .filter(
      (path) => path.startsWith('functions/') && !/^functions\/([^/]+\/handler|environments)\.ts$/.test(path),
    );
  assert.deepEqual([long, others], [[], []]);
});

test('the longest way is found, whatever shorter ones there are', () => {
  const file = (path: string, imports: readonly string[]) => ({ path, imports, lines: 1, packages: [] });
  const graph = [file('a', ['b', 'c']), file('b', ['c']), file('c', ['d']), file('d', [])];
  assert.deepEqual(importChain(graph, 'a'), ['a', 'b', 'c', 'd']);
});
