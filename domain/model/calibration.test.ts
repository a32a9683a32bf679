import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { CALIBRATION, calibrated } from './calibration.ts';

test('a line through the log-odds of slope 1 changes nothing, and keeps the ends finite', () => {
  const same = { kind: 'platt', slope: 1, intercept: 0 } as const;
  for (const probability of [0, 0.2, 0.5, 0.9, 1])
    assert.ok(Math.abs(calibrated(same, probability) - probability) < 1e-8);
});

test('steps are joined by straight lines, and their ends hold beyond them', () => {
  const steps = {
    kind: 'isotonic',
    points: [
      [0.2, 0.1],
      [0.6, 0.5],
      [0.8, 0.5],
    ],
  } as const;
  for (const [probability, expected] of [
    [0, 0.1],
    [0.2, 0.1],
    [0.4, 0.3],
    [0.7, 0.5],
    [1, 0.5],
  ] as const)
    assert.ok(Math.abs(calibrated(steps, probability) - expected) < 1e-12, String(probability));
  assert.equal(calibrated({ kind: 'isotonic', points: [[0.5, 0.3]] }, 0.9), 0.3);
});

test('a calibration that would turn scores about is refused', () => {
  for (const broken of [
    { kind: 'platt', slope: -1, intercept: 0 },
    { kind: 'isotonic', points: [] },
    {
      kind: 'isotonic',
      points: [
        [0.5, 0.3],
        [0.4, 0.4],
      ],
    },
    {
      kind: 'isotonic',
      points: [
        [0.4, 0.4],
        [0.5, 0.3],
      ],
    },
    { kind: 'other' },
  ])
    assert.equal(v.safeParse(CALIBRATION, broken).success, false);
});
