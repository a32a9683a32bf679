import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadModel, readModel } from '../../../edge/model/formats/read-model.ts';
import { convertModel } from '../../../edge/model/formats/write-json.ts';
import { describeModel } from '../../../edge/model/model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { encodeBinary } from './encode-binary.ts';
import { bytesOf, sound, stump } from './stump.ts';

const row = [50, 2, 2, 4, 50, 1000];
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentinel-model-'));
});
after(() => rm(folder, { recursive: true }));

test('a file is named by its base name and its content', async () => {
  const path = join(folder, 'small.json');
  await writeFile(path, bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })));
  const { name, version, format } = sound(await loadModel(path));
  assert.equal(name, 'small.json');
  assert.match(version, /^[0-9a-f]{12}$/);
  assert.equal(format, 'JSON');
});

test('a folder is a model when one of its files is', async () => {
  const path = await mkdtemp(join(folder, 'one-'));
  await writeFile(join(path, 'notes.txt'), 'about the model');
  await writeFile(join(path, 'model.json'), bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })));
  assert.equal(score(sound(await loadModel(path)), row).margin, -1);
});

test('a folder of folds is averaged', async () => {
  const path = await mkdtemp(join(folder, 'folds-'));
  for (const [i, left] of [-1, 1].entries())
    await writeFile(
      join(path, `xgboost-model-${i}`),
      bytesOf(stump({ feature: 1, split: 2.5, left, right: 0 })),
    );
  assert.equal(score(sound(await loadModel(path)), row).probability, 0.5);
});

test('a path with nothing at it is an error, not a throw', async () => {
  const result = await loadModel(join(folder, 'nothing'));
  assert.deepEqual(!result.ok && result.error.code, 'not-found');
});

for (const [what, bytes] of [
  ['JSON', bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 }))],
  ['headerless binary', encodeBinary({ header: false, major: 0, baseScore: -0.7 })],
  [
    'binary logitraw of 1.2',
    encodeBinary({ header: true, major: 1, objective: 'binary:logitraw', baseScore: 0.3 }),
  ],
] as const)
  test(`${what} converted to JSON answers the same`, async () => {
    const path = join(folder, 'original');
    await writeFile(path, bytes);
    const converted = await convertModel(path);
    assert.ok(converted.ok);
    const [from, to] = [
      sound(await loadModel(path)),
      sound(readModel(Buffer.from(converted.json), 'converted')),
    ];
    for (const values of [row, row.with(1, 3), []]) assert.deepEqual(score(to, values), score(from, values));
  });

test('folds are not converted, each of them may be', async () => {
  const path = await mkdtemp(join(folder, 'both-'));
  for (const i of [0, 1])
    await writeFile(join(path, `xgboost-model-${i}`), encodeBinary({ header: true, major: 1 }));
  const result = await convertModel(path);
  assert.match(result.ok ? '' : result.error.message, /holds 2 folds.*convert each/);
});

test('a description counts trees, depth and leaves, and says which trees answer', () => {
  const attributes = { best_iteration: '0' };
  const model = sound(readModel(encodeBinary({ header: true, major: 1, attributes }), 'model'));
  const [described] = describeModel(model);
  assert.ok(described);
  assert.deepEqual(
    [described.trees, described.depth, described.leaves, described.used],
    [1, 1, 2, 'all 1; the best iteration 0 is the last'],
  );
  assert.equal(described.importance[1]?.splits, 1);
});
