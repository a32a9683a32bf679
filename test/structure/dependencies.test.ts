import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { ROOT } from './source-files.ts';

const versions = v.record(v.string(), v.string());
const manifest = v.parse(
  v.object({ dependencies: versions, devDependencies: versions }),
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')),
);
const direct = { ...manifest.dependencies, ...manifest.devDependencies };

test('every direct dependency has an exact version', () => {
  const loose = Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  assert.deepEqual(loose, []);
});

test('docs/dependencies.md says what each direct dependency is for, and names no other', () => {
  const table =
    readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8').split('## What each is for')[1] ?? '';
  const named = [...table.matchAll(/`([^`\s]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => name in direct);
  assert.deepEqual(named.toSorted(), Object.keys(direct).toSorted());
});
