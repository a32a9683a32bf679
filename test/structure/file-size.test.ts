import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRODUCTION_FOLDERS, sourceFiles } from './source-files.ts';

const MAX_LINES = 250;

test(`no file has more than ${MAX_LINES} lines`, () => {
  const long = sourceFiles([...PRODUCTION_FOLDERS, 'test']).filter(({ lines }) => lines > MAX_LINES);
  assert.deepEqual(
    long.map(({ path, lines }) => `${path}: ${lines}`),
    [],
  );
});
