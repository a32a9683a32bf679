import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPackedSamples, type Scorer } from '../../../backtest/recordings/packed-samples.ts';

const ROWS = 70_000;
const CYLINDERS = ['b', 'a'];
const halved: Scorer = {
  name: 'halved',
  start:
    () =>
    ([temperature]) =>
      (temperature ?? 0) / 2,
};

/** One cylinder behind the other, as an export has them, across several stretches. */
const rows = CYLINDERS.flatMap((cylinder, place) =>
  Array.from({ length: ROWS }, (_, second) => ({
    cylinder,
    t: second * 1000 + place,
    values: [second / ROWS, second % 3 === 0 ? null : 0.1, -1e-9, 1e9, 0, second],
    label: second % 4 === 0 ? null : second % 4 === 1,
  })),
);

const packed = () => {
  const samples = createPackedSamples(halved);
  for (const row of rows) samples.add(row);
  assert.equal(samples.count(), rows.length);
  return samples.messages();
};

test('what was packed comes out as it was, each sample a message, in the order of time', () => {
  const expected = rows
    .toSorted((one, other) => one.t - other.t)
    .map(({ cylinder, t, values, label }) => ({
      gateway: 'recording',
      receivedAt: t,
      samples: [
        {
          cylinder,
          gateway: 'recording',
          t,
          boot: null,
          seq: null,
          model: 'halved',
          values,
          probability: Number(values[0]) / 2,
          why: null,
          label,
        },
      ],
    }));
  const messages = packed();
  assert.equal(messages.count, rows.length);
  assert.deepEqual([...messages], expected);
  assert.deepEqual([...messages], expected, 'it can be read again');
});

test('scored anew it is the same but for model and probability, and the first stays as it was', () => {
  const messages = packed();
  const anew = messages.rescored({ name: 'load', start: () => (values) => Number(values[5]) / ROWS });
  let place = 0;
  const before = [...messages];
  for (const { samples } of anew) {
    const [sample] = samples;
    const [old] = before[place++]?.samples ?? [];
    assert.deepEqual(sample, { ...old, model: 'load', probability: Number(old?.values[5]) / ROWS });
  }
  assert.equal(place, rows.length);
  assert.equal(before[2]?.samples[0]?.model, 'halved');
});

test('without a sample there is no message', () => {
  assert.deepEqual([...createPackedSamples(halved).messages()], []);
});
