import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Sample } from '../message/sample.ts';
import { ROLLUP_MS, type Rollup, readRollup, rollUp, startOfRollup } from './rollup.ts';

const START = 5_880_000 * ROLLUP_MS;

const sample = (ms: number, probability: number, values: Sample['values']): Sample => ({
  cylinder: 'c',
  gateway: 'g',
  t: START + ms,
  boot: null,
  seq: null,
  model: null,
  values,
  probability,
  why: null,
});

const USUAL = [48, 2, 1.5, 3, 40, 1000];

test('five minutes hold how many samples there were, and least, mean and greatest of all that was measured', () => {
  const { current, over } = rollUp(
    null,
    [sample(0, 0.1, USUAL), sample(1000, 0.9, [50, 2, 1.5, null, 40, -1000])],
    0.5,
  );
  assert.deepEqual(over, []);
  assert.deepEqual(readRollup(current ?? ''), {
    t: START,
    samples: 2,
    abnormal: 1,
    probability: { min: 0.10001, mean: 0.5, max: 0.8999 },
    sensors: {
      rVibration_Temp: { min: 48, mean: 49, max: 50 },
      rVibration_Z_RMS_Velocity: { min: 2, mean: 2, max: 2 },
      rVibration_X_RMS_Velocity: { min: 1.5, mean: 1.5, max: 1.5 },
      wRMSCurrent: { min: 3, mean: 3, max: 3 },
      wCurrentLoad: { min: 40, mean: 40, max: 40 },
      wEncoderVelocity: { min: -1000, mean: 0, max: 1000 },
    },
  });
});

test('the first sample of the next five minutes ends those before, and begins anew', () => {
  const first = rollUp(null, [sample(0, 0.1, USUAL)], 0.5);
  const { current, over } = rollUp(
    first.current,
    [sample(ROLLUP_MS - 1, 0.2, USUAL), sample(ROLLUP_MS, 0.3, USUAL)],
    0.5,
  );
  assert.deepEqual(
    over.map((one) => [startOfRollup(one), readRollup(one)?.samples]),
    [[START, 2]],
  );
  assert.deepEqual(
    [startOfRollup(current ?? ''), readRollup(current ?? '')?.samples],
    [START + ROLLUP_MS, 1],
  );
});

test('a sensor that never answered has nothing, and no sample changes nothing', () => {
  const { current } = rollUp(null, [sample(0, 0.1, [null, null, null, null, null, null])], 0.5);
  assert.equal(readRollup(current ?? '')?.sensors.wRMSCurrent, null);
  assert.deepEqual(rollUp(current, [], 0.5), { current, over: [] });
});

test('what is no roll-up, or of another form, is none', () => {
  for (const text of ['', 'A', 'B'.repeat(74), 'A'.repeat(75)]) assert.equal(readRollup(text), null);
});

test('however samples are cut into messages, least and greatest are those of all, and the mean is near theirs', () => {
  const values = fc.array(fc.double({ min: -5000, max: 5000, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (all, size) => {
      let rollup: Rollup | null = null;
      for (let from = 0; from < all.length; from += size) {
        const message = all
          .slice(from, from + size)
          .map((value, index) => sample((from + index) * 900, 0.5, [value]));
        rollup = rollUp(rollup, message, 0.5).current;
      }
      assert.equal(rollup?.length, 74);
      const read = readRollup(rollup ?? '');
      const { min, mean, max } = read?.sensors.rVibration_Temp ?? { min: NaN, mean: NaN, max: NaN };
      const near = (one: number, other: number, within: number) =>
        assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);
      const [least, greatest] = [Math.min(...all), Math.max(...all)];
      near(min, least, Math.abs(least) * 5e-4 + 1e-6);
      near(max, greatest, Math.abs(greatest) * 5e-4 + 1e-6);
      near(
        mean,
        all.reduce((sum, value) => sum + value, 0) / all.length,
        Math.max(-least, greatest, 0) * 2e-3 + 1e-6,
      );
      assert.equal(read?.samples, all.length);
    }),
    { numRuns: 200 },
  );
});
