import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();
const SCRIPT = join(import.meta.dirname, '../../../edge/package/place-model.sh');

const place = (from: string, to: string): void => {
  const run = spawnSync('sh', [SCRIPT, join(folder, from), join(folder, to)], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(JSON.parse(run.stdout).event, 'model');
};

const version = (name: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(join(folder, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
};

test('a version of the model takes the place of the one before, its folds and all', {
  skip: process.platform === 'win32',
}, () => {
  version('one', { 'xgboost-model-0': 'a', 'xgboost-model-1': 'b', 'place-model.sh': '' });
  version('two', { 'xgboost-model': 'c', 'place-model.sh': '' });
  place('one', 'to/models');
  assert.deepEqual(readdirSync(join(folder, 'to/models')), ['xgboost-model-0', 'xgboost-model-1']);
  writeFileSync(join(folder, 'to/models/notes.txt'), 'by people');
  place('two', 'to/models');
  assert.deepEqual(readdirSync(join(folder, 'to/models')), ['notes.txt', 'xgboost-model']);
  assert.equal(readFileSync(join(folder, 'to/models/xgboost-model'), 'utf8'), 'c');
});
