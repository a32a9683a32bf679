import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS } from '../../../../domain/message/sample.ts';
import { readModel } from '../../../../edge/model/formats/read-model.ts';
import { score } from '../../../../edge/model/predict/score.ts';
import { referenceBytes, referenceRows, singleHex, skipReference } from '../reference.ts';
import { bytesOf, sound, stump } from '../stump.ts';

const mean = [50, 2, 2, 4, 50, 1000];

for (const name of ['skab_raw6', 'skab_raw6_missing'])
  test(`every hard row of ${name} is answered bit for bit`, { skip: skipReference }, () => {
    const model = sound(readModel(referenceBytes(`${name}.json`), name));
    const rows = referenceRows(`${name}.parity.csv`);
    assert.ok(rows.length > 100);
    for (const { values, columns } of rows) {
      const { margin, probability } = score(model, values);
      assert.deepEqual(
        [singleHex(margin ?? Number.NaN), singleHex(probability)],
        [columns.margin_hex, columns.prob_hex],
        JSON.stringify(values),
      );
    }
  });

test('a value below the split goes left, the split value itself goes right', () => {
  const model = sound(readModel(bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })), 'stump'));
  const margin = (x: number) => score(model, mean.with(1, x)).margin;
  assert.deepEqual([margin(2.4), margin(2.5), margin(2.6)], [-1, 1, 1]);
});

test('a value is rounded to single precision before it is compared', () => {
  const model = sound(readModel(bytesOf(stump({ feature: 0, split: 1, left: -1, right: 1 })), 'stump'));
  assert.equal(score(model, mean.with(0, 1 - 2 ** -40)).margin, 1);
});

for (const [defaultLeft, expected] of [
  [true, -1],
  [false, 1],
] as const)
  test(`a missing value goes the default way when that is ${defaultLeft ? 'left' : 'right'}`, () => {
    const model = sound(
      readModel(bytesOf(stump({ feature: 3, split: 9, left: -1, right: 1, defaultLeft })), 'stump'),
    );
    assert.equal(score(model, [50, 2, 2, null, 50, 1000]).margin, expected);
    assert.equal(score(model, mean.with(3, Number.NaN)).margin, expected);
    assert.equal(score(model, []).margin, expected);
  });

test('a model with its features in another order is scored by name', () => {
  const names = [...SENSORS].reverse();
  const model = sound(
    readModel(bytesOf(stump({ feature: 0, split: 500, left: -1, right: 1, names })), 'stump'),
  );
  assert.equal(score(model, mean.with(5, 400)).margin, -1);
  assert.equal(score(model, mean.with(5, 600)).margin, 1);
});
