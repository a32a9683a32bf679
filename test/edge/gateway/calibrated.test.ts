import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { loadCalibrated, modelLoader } from '../../../edge/model/calibration/calibrated-model.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import { planRun } from '../../../edge/package/recipes.ts';
import { readSettings } from '../../../edge/package/settings.ts';
import { reloadModel } from '../../../edge/reload/reload-model.ts';
import { runSentinel } from '../../cli/run-sentinel.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { bytesOf, stump } from '../model/stump.ts';

const scratch = scratchFolder();

/** A model whose margin is −1 below 2.5 mm/s and 1 above, with a card beside it. */
const modelWith = (card: unknown, isFolder = false): string => {
  const folder = mkdtempSync(join(scratch, 'model-'));
  const file = join(folder, isFolder ? 'xgboost-model' : 'model.json');
  writeFileSync(file, bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })));
  if (card !== undefined) writeFileSync(join(folder, 'model.card.json'), JSON.stringify(card));
  return isFolder ? folder : file;
};

const opened = async (path: string, load = loadCalibrated): Promise<Model> => {
  const loaded = await load(path);
  return loaded.ok ? loaded.model : assert.fail(loaded.error.message);
};

const VALUES = { sound: [46, 2, 1.8, 3.2, 40, 1180], abnormal: [46, 5, 1.8, 3.2, 40, 1180] } as const;
const PLATT = { calibration: { kind: 'platt', slope: 2.5, intercept: -0.75 } };
const ISOTONIC = {
  calibration: {
    kind: 'isotonic',
    points: [
      [0.2, 0.01],
      [0.3, 0.05],
      [0.7, 0.35],
      [0.8, 0.95],
    ],
  },
};

const said = (model: Model) =>
  [VALUES.sound, VALUES.abnormal].map((values) => createScorer(model).score(values).probability);
const near = (actual: readonly number[], expected: readonly number[]): void => {
  for (const [at, value] of expected.entries())
    assert.ok(Math.abs((actual[at] ?? Number.NaN) - value) < 1e-6, `${actual} for ${expected}`);
};
/** The logistic function, by which XGBoost and Platt both make a probability of a margin. */
const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin));

test('what is sent is the calibration of the card, laid through the margin of the model, and only when asked', async () => {
  const path = modelWith(PLATT);
  near(said(await opened(path, loadModel)), [logistic(-1), logistic(1)]);
  near(said(await opened(path, modelLoader(false))), [logistic(-1), logistic(1)]);
  near(said(await opened(path)), [logistic(-2.5 - 0.75), logistic(2.5 - 0.75)]);
  const line = (p: number, [x0, y0, x1, y1]: readonly [number, number, number, number]): number =>
    y0 + ((p - x0) / (x1 - x0)) * (y1 - y0);
  near(said(await opened(modelWith(ISOTONIC, true))), [
    line(logistic(-1), [0.2, 0.01, 0.3, 0.05]),
    line(logistic(1), [0.7, 0.35, 0.8, 0.95]),
  ]);
});

test('messages name a calibrated model otherwise, and a model on trial is calibrated by its own card', async () => {
  const [champion, challenger] = [await opened(modelWith(PLATT)), await opened(modelWith(ISOTONIC))];
  const { model, challenger: trial } = createScorer(champion, challenger).score(VALUES.sound);
  assert.match(model, /^model\.json\+platt@[0-9a-f]{12}$/);
  assert.match(trial?.model ?? '', /^model\.json\+isotonic@/);
  near([trial?.probability ?? Number.NaN], said(challenger).slice(0, 1));
});

test('without a card, or with one that has no calibration, a model is neither begun with nor taken up', async () => {
  const running = await opened(modelWith(PLATT));
  for (const [card, message] of [
    [undefined, /there is no card beside the model/],
    [{}, /holds no calibration: train the model anew, or leave out --calibrated/],
    [{ calibration: { kind: 'platt', slope: -1, intercept: 0 } }, /calibration\.slope/],
  ] as const) {
    const path = modelWith(card);
    const loaded = await loadCalibrated(path);
    assert.match(loaded.ok ? '' : loaded.error.message, message);
    assert.equal((await reloadModel(path, running, () => [], loadCalibrated)).kind, 'refused');
    const { code, errors } = await runSentinel([
      ...['edge', '--source', 'stdin', '--to', 'mqtt://127.0.0.1:1', '--queue', join(scratch, 'q.sqlite')],
      ...['--model', path, '--calibrated'],
    ]);
    assert.equal(code, 2, errors);
    assert.match(errors, message);
  }
});

test('a component is asked by its configuration', () => {
  const planned = (configuration: object) => {
    const reading = readSettings(configuration);
    assert.ok(reading.ok, JSON.stringify(reading));
    return planRun(reading.settings, { thing: 'line-1', workFolder: '/work' }).isCalibrated;
  };
  assert.deepEqual([planned({}), planned({ calibrated: 'on' })], [false, true]);
  assert.equal(readSettings({ calibrated: 'perhaps' }).ok, false);
});
