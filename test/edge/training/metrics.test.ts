import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Judged, measure } from '../../../edge/training/metrics.ts';

const judged = (...rows: readonly (readonly [number, number])[]): readonly Judged[] =>
  rows.map(([probability, label]) => ({ probability, label }));

for (const [what, rows, auc] of [
  ['a perfect order', judged([0.9, 1], [0.8, 1], [0.2, 0]), 1],
  ['the opposite', judged([0.1, 1], [0.8, 0], [0.2, 0]), 0],
  ['no difference', judged([0.5, 1], [0.5, 0], [0.5, 1]), 0.5],
  ['one of two pairs', judged([0.9, 0], [0.5, 1], [0.1, 0]), 0.5],
] as const)
  test(`the area under the ROC curve of ${what} is ${auc}`, () => assert.equal(measure(rows, 0.5).auc, auc));

test('the area is the share of pairs in which the abnormal row scores higher, ties for a half', () => {
  const row = fc.record({ probability: fc.integer({ min: 0, max: 4 }).map((n) => n / 4), label: fc.nat(1) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
      const ups = rows.filter(({ label }) => label === 1);
      const downs = rows.filter(({ label }) => label === 0);
      fc.pre(ups.length > 0 && downs.length > 0);
      const wins = ups.flatMap((up) =>
        downs.map((down) => (Math.sign(up.probability - down.probability) + 1) / 2),
      );
      const share = wins.reduce((sum, win) => sum + win, 0) / wins.length;
      assert.ok(Math.abs(measure(rows, 0.5).auc - share) < 1e-12);
    }),
  );
});

test('average precision weighs each abnormal row by the precision down to it', () => {
  const { averagePrecision } = measure(judged([0.9, 1], [0.8, 0], [0.7, 1]), 0.5);
  assert.ok(Math.abs(averagePrecision - (1 + 2 / 3) / 2) < 1e-12);
});

test('at the threshold itself a row counts as abnormal', () => {
  const rows = judged([0.5, 1], [0.5, 0], [0.4, 1], [0.1, 0]);
  assert.deepEqual(measure(rows, 0.5).confusion, {
    truePositive: 1,
    falsePositive: 1,
    falseNegative: 1,
    trueNegative: 1,
  });
});

test('loss and Brier score measure how far probabilities are off', () => {
  const { logLoss, brier } = measure(judged([0.8, 1], [0.8, 0]), 0.5);
  assert.ok(Math.abs(logLoss - (-Math.log(0.8) - Math.log(0.2)) / 2) < 1e-12);
  assert.ok(Math.abs(brier - (0.04 + 0.64) / 2) < 1e-12);
});

test('calibration compares the mean probability of each tenth with what came of it', () => {
  const { calibration } = measure(judged([0.95, 1], [1, 0], [0.05, 0]), 0.5);
  assert.equal(calibration.length, 10);
  assert.deepEqual(calibration[9], { from: 0.9, rows: 2, meanProbability: 0.975, abnormalShare: 0.5 });
  assert.deepEqual(calibration[5], { from: 0.5, rows: 0, meanProbability: 0, abnormalShare: 0 });
});
