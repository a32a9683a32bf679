import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { CALIBRATION, CALIBRATION_KINDS, calibrated } from '../../../domain/model/calibration.ts';
import { fitCalibration } from '../../../edge/training/fit-calibration.ts';
import { dice } from '../model/mutate.ts';

/** Scores that say twice the log-odds that are true. */
const overconfident = (count: number) => {
  const roll = dice(5);
  return Array.from({ length: count }, () => {
    const odds = roll(400) / 100 - 2;
    const probability = 1 / (1 + Math.exp(-2 * odds));
    return {
      probability,
      truth: 1 / (1 + Math.exp(-odds)),
      label: Number(roll(1000) / 1000 < 1 / (1 + Math.exp(-odds))),
    };
  });
};

for (const kind of CALIBRATION_KINDS)
  test(`${kind} brings overconfident scores back to the shares that are true, and fits its schema`, () => {
    const rows = overconfident(20_000);
    const calibration = fitCalibration(kind, rows);
    assert.ok(calibration !== null);
    assert.deepEqual(
      v.parse(CALIBRATION, JSON.parse(JSON.stringify(calibration))),
      JSON.parse(JSON.stringify(calibration)),
    );
    const off = rows.map(({ probability, truth }) => Math.abs(calibrated(calibration, probability) - truth));
    const mean = off.reduce((sum, of) => sum + of, 0) / off.length;
    assert.ok(mean < 0.02, `off by ${mean}`);
  });

test('scores that rank the wrong way round are not turned about', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ probability: i / 200, label: Number(i < 100) }));
  for (const kind of CALIBRATION_KINDS) {
    const calibration = fitCalibration(kind, rows);
    assert.ok(calibration !== null);
    assert.ok(calibrated(calibration, 0.9) >= calibrated(calibration, 0.1));
  }
});

test('rows of one kind give no calibration', () => {
  assert.equal(fitCalibration('platt', [{ probability: 0.4, label: 0 }]), null);
});
