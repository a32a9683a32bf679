import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SensorValues } from '../../../domain/message/sample.ts';
import { loadModel, readModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import {
  fingerprint,
  reloadModel,
  validateCandidateModel,
  watchPath,
} from '../../../edge/reload/reload-model.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { bytesOf, sound, stump } from '../model/stump.ts';

const folder = scratchFolder();

/** Abnormal from this temperature on, unless `left` and `right` say otherwise. */
const bytes = (split: number, left = -2, right = 2) => bytesOf(stump({ feature: 0, split, left, right }));
const modelOf = (...args: Parameters<typeof bytes>): Model => sound(readModel(bytes(...args), 'm.json'));
const rowsOf = (...temperatures: readonly number[]): SensorValues[] =>
  temperatures.map((temperature) => [temperature, 1, 1, 1, 1, 1]);
const minute = rowsOf(...Array.from({ length: 60 }, (_, index) => 20 + index));

const CHECKS: readonly [
  what: string,
  next: Model,
  rows: readonly SensorValues[],
  objection: RegExp | null,
][] = [
  ['a model that draws the line elsewhere', modelOf(50), minute, null],
  ['a model that is the opposite', modelOf(40, 2, -2), minute, /opposite of the current model on all 60/],
  ['one that tells no row from another', modelOf(500), minute, /gives 0\.119.* for all 60 samples/],
  ['the same where the current one does not either', modelOf(500), rowsOf(...new Array(40).fill(20)), null],
  ['the same on too few rows to say', modelOf(500), minute.slice(0, 29), null],
  ['no rows at all', modelOf(40, 2, -2), [], null],
];

for (const [what, next, rows, objection] of CHECKS) {
  test(`a candidate model is ${objection === null ? 'taken' : 'refused'}: ${what}`, () => {
    const said = validateCandidateModel(modelOf(40), next, rows);
    if (objection === null) assert.equal(said, null);
    else assert.match(said ?? '', objection);
  });
}

test('a new file is swapped in, the same one is not, and one that is damaged or wrong leaves the old model', async () => {
  const path = join(folder, 'model.json');
  writeFileSync(path, bytes(40));
  const current = sound(await loadModel(path));
  const reload = () => reloadModel(path, current, () => minute);
  assert.deepEqual(await reload(), { kind: 'kept' });
  writeFileSync(path, bytes(50));
  const swapped = await reload();
  assert.ok(swapped.kind === 'swap' && swapped.model.version !== current.version);
  writeFileSync(path, bytes(50).subarray(0, 300));
  const damaged = await reload();
  assert.ok(damaged.kind === 'refused');
  assert.match(damaged.message, /^model\.json: /);
  writeFileSync(path, bytes(40, 2, -2));
  const opposite = await reload();
  assert.ok(opposite.kind === 'refused');
  assert.match(opposite.message, /^model\.json@[0-9a-f]{12}: it says the opposite/);
  rmSync(path);
  const gone = await reload();
  assert.ok(gone.kind === 'refused' && gone.message.includes('no such file'));
});

const SETTINGS: readonly [what: string, pollMs: number][] = [
  ['as the system tells', 60_000],
  ['by looking from time to time', 20],
];

for (const [what, pollMs] of SETTINGS) {
  test(`changes of a folder are noticed ${what}: a file written, replaced and renamed, each once it is whole`, async () => {
    const models = join(folder, `models-${pollMs}`);
    mkdirSync(models);
    const path = join(models, 'xgboost-model');
    writeFileSync(path, 'first');
    const stop = new AbortController();
    const sizes: number[] = [];
    let isChanged = Promise.withResolvers<void>();
    const watching = watchPath(
      models,
      () => {
        sizes.push(1);
        isChanged.resolve();
        return Promise.resolve();
      },
      { settleMs: 60, pollMs, signal: stop.signal },
    );
    const changes: readonly (() => void)[] = [
      () => writeFileSync(path, 'second'),
      () => {
        writeFileSync(`${folder}/apart`, 'third one');
        renameSync(`${folder}/apart`, path);
      },
      () => rmSync(path),
    ];
    // The first look must be over before anything changes.
    for (let look = 0; look < 20; look += 1) await fingerprint(path);
    for (const change of changes) {
      isChanged = Promise.withResolvers();
      change();
      await isChanged.promise;
    }
    assert.equal(sizes.length, 3);
    stop.abort();
    await watching;
  });
}
