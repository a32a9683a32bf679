import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import { createBaselines, openBaselines } from '../../../edge/gateway/baseline-store.ts';
import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { reloadModel } from '../../../edge/reload/reload-model.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { bytesOf, sound, stump } from '../model/stump.ts';

const folder = scratchFolder();

/** Abnormal from a deviation of a half on, by a baseline of five samples. */
const bytes = (right = 1, baseline: string | null = '5 2', left = -1) => {
  const { learner, ...others } = stump({ feature: 1, split: 0.5, left, right, defaultLeft: true });
  const attributes = baseline === null ? {} : { sentinel_baseline: baseline };
  return bytesOf({ ...others, learner: { ...learner, attributes } });
};
const modelOf = (...args: Parameters<typeof bytes>) => sound(readModel(bytes(...args), 'm.json'));
const all = (value: number): SensorValues => SENSORS.map(() => value);
const log = () => undefined;

test('a gateway holds each cylinder against its own baseline, and goes on with it after a restart', () => {
  const path = join(folder, 'baselines.json');
  const scorer = createScorer(modelOf(), null, { baselines: openBaselines(path, log) });
  const abnormal = (values: SensorValues, cylinder: string, by = scorer) =>
    by.score(values, cylinder).probability > 0.5;
  for (let i = 0; i < 6; i += 1) {
    assert.equal(abnormal(all(10), 'low'), false);
    assert.equal(abnormal(all(1000), 'high'), false);
  }
  abnormal(all(20), 'low');
  assert.equal(abnormal(all(20), 'low'), true);
  assert.equal(abnormal(all(1000), 'high'), false);
  const restarted = createScorer(modelOf(), null, { baselines: openBaselines(path, log) });
  // A fault that goes on is none that a new start would take as sound.
  abnormal(all(20), 'low', restarted);
  assert.equal(abnormal(all(20), 'low', restarted), true);
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    v: 1,
    baselines: { 5: { low: all(10), high: all(1000) } },
  });
});

test('a file of baselines that cannot be read is kept aside, and one that cannot be written stops nothing', () => {
  const said: string[] = [];
  const tell = ({ message }: Readonly<{ message: string }>) => void said.push(message);
  const path = join(folder, 'torn.json');
  writeFileSync(path, '{ "v": 1, "baselines": { "5": { "low": [1');
  assert.equal(openBaselines(path, tell).of(5).size, 0);
  assert.ok(existsSync(`${path}.damaged`));
  const taken = join(folder, 'taken.json');
  const store = openBaselines(taken, tell);
  mkdirSync(`${taken}.new`);
  store.keep(5, 'low', all(1));
  assert.deepEqual(store.of(5).get('low'), all(1));
  assert.match(said.join('\n'), /torn\.json\.damaged.*\n.*taken\.json cannot be written/);
});

test('a model on trial with the same baseline is given the same, and counts no sample twice', () => {
  const baselines = createBaselines();
  const scorer = createScorer(modelOf(1), modelOf(2), { baselines });
  for (let i = 0; i < 4; i += 1) scorer.score(all(10), 'a');
  assert.equal(baselines.of(5).size, 0);
  scorer.score(all(10), 'a');
  assert.equal(baselines.of(5).size, 1);
  scorer.score(all(20), 'a');
  const { probability, challenger } = scorer.score(all(20), 'a');
  assert.ok(probability > 0.5 && (challenger?.probability ?? 0) > probability);
  const raw = createScorer(modelOf(1), modelOf(2, null));
  // Without a baseline the one on trial is given the values themselves: 20 is above its half.
  const first = raw.score(all(20), 'a');
  assert.ok(first.probability < 0.5 && (first.challenger?.probability ?? 0) > 0.5);
});

test('a model that is given something else takes over, whatever the other was given in the last minute', async () => {
  const path = join(folder, 'next.json');
  const minute = Array.from({ length: 40 }, (_, index) => all(index / 40));
  writeFileSync(path, bytes(-3, null, 3));
  assert.equal((await reloadModel(path, modelOf(), () => minute)).kind, 'swap');
  writeFileSync(path, bytes(-3, '5 2', 3));
  assert.equal((await reloadModel(path, modelOf(), () => minute)).kind, 'refused');
});
