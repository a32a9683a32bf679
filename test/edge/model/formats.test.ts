import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { prediction, score } from '../../../edge/model/predict/score.ts';
import { encodeBinary } from './encode-binary.ts';
import { encodePickle } from './encode-pickle.ts';
import { encodeTar } from './encode-tar.ts';
import { bytesOf, sound, stump } from './stump.ts';

// ln(1 / (1 / 0.75 − 1)), rounded to single precision at each step.
const LOG_3 = 1.0986121892929077;
const split = { feature: 1, split: 2.5, left: -1, right: 1 };
const row = [50, 2, 2, 4, 50, 1000];
const text = JSON.stringify(stump(split));
const read = (bytes: Uint8Array) => sound(readModel(bytes, 'model'));
const withText = (from: string, to: string) => read(Buffer.from(text.replace(from, to)));

for (const [what, baseScore, margin] of [
  ['a number', '0.75', LOG_3],
  ['a text', '"7.5E-1"', LOG_3],
  ['a vector', '"[7.5E-1]"', LOG_3],
] as const)
  test(`a base score that is ${what} gives the base margin`, () => {
    assert.equal(withText('"5E-1"', baseScore).baseMargin, margin);
  });

test('before 1.0 the binary format holds the margin itself', () => {
  assert.equal(read(encodeBinary({ header: false, major: 0, baseScore: -2 })).baseMargin, -2);
});

test('from 3.1 on a base score of 0 or 1 is bounded', () => {
  const old = text.replace('"5E-1"', '"0E0"');
  assert.equal(readModel(Buffer.from(old), 'old').ok, false);
  const { baseMargin } = read(Buffer.from(old.replace('"version":[1,7,6]', '"version":[3,1,0]')));
  assert.ok(Math.abs(baseMargin + Math.log(1e6)) < 1e-3);
});

for (const [version, margin] of [
  ['1,2,0', LOG_3],
  ['1,3,0', 0.75],
] as const)
  test(`logitraw's base score in ${version} means ${margin}`, () => {
    const raw = text.replace('"5E-1"', '"7.5E-1"').replace('binary:logistic', 'binary:logitraw');
    const model = read(Buffer.from(raw.replace('"version":[1,7,6]', `"version":[${version}]`)));
    assert.equal(model.baseMargin, margin);
    const scored = score(model, row);
    assert.equal(prediction(model, scored), scored.margin);
    assert.ok(scored.probability > 0 && scored.probability < 1);
  });

test('a probability of 0 is possible before 1.6 only', () => {
  const low = text.replace('[2.5,-1,1]', '[2.5,-1000,1]');
  const probability = (version: string) =>
    score(read(Buffer.from(low.replace('[1,7,6]', version))), row).probability;
  assert.equal(probability('[1,5,0]'), 0);
  assert.ok(probability('[1,6,0]') > 0);
});

test("dart's weights scale the leaves, beside the trees or, from 3.4 on, among them", () => {
  const document = stump(split);
  const tree = document.learner.gradient_booster;
  const dart = { gbtree: tree, name: 'dart', weight_drop: [0.5] };
  const moved = { model: { ...tree.model, weight_drop: [0.5] }, name: 'gbtree' };
  for (const gradient_booster of [dart, moved]) {
    const model = read(bytesOf({ ...document, learner: { ...document.learner, gradient_booster } }));
    assert.equal(score(model, row).margin, -0.5);
  }
});

test('XGBoost 2 calls the single value of a leaf a vector of one', () => {
  assert.equal(score(read(encodeBinary({ header: true, major: 2, leafVector: 1 })), row).margin, -1);
});

test('a binary file tells its best iteration and its metrics', () => {
  const options = { header: true, major: 1, attributes: { best_iteration: '0', note: 'x' } };
  assert.equal(read(encodeBinary(options)).boosters[0]?.bestIteration, 0);
  assert.equal(read(encodeBinary({ ...options, metrics: ['auc'] })).boosters[0]?.bestIteration, 0);
});

test('a pickle gives the names that the binary inside does not hold', () => {
  const names = SENSORS.with(0, SENSORS[1]).with(1, SENSORS[0]);
  const model = read(encodePickle(encodeBinary({ header: true, major: 1 }), names));
  assert.deepEqual(model.featureNames, names);
  assert.deepEqual([score(model, row.with(0, 2)).margin, score(model, row.with(0, 3)).margin], [-1, 1]);
});

test('folds are averaged and have no margin', () => {
  const folds = [-1, -3].map((left, i) => ({
    name: `xgboost-model-${i}`,
    bytes: bytesOf(stump({ ...split, left })),
  }));
  const { margin, probability } = score(read(encodeTar(folds)), row);
  assert.equal(margin, null);
  assert.ok(Math.abs(probability - (1 / (1 + Math.E) + 1 / (1 + Math.exp(3))) / 2) < 1e-7);
});

test('an archive may hold other files, folders and resource forks beside the model', () => {
  const other = [
    { name: './', bytes: new Uint8Array(), type: '5' },
    { name: './._xgboost-model', bytes: Buffer.from('fork') },
    { name: './code/inference.py', bytes: Buffer.from('import xgboost') },
  ];
  const model = read(encodeTar([...other, { name: './xgboost-model', bytes: Buffer.from(text) }]));
  assert.equal(model.format, 'tar, JSON');
});
