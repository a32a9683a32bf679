import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_POLICY } from './policy.ts';
import { readPolicy } from './read-policy.ts';
import { policyAtPeriod, samplingFit } from './sampling-fit.ts';

const CASES: readonly (readonly [spacingMs: number, kind: string | null, fields: object])[] = [
  [100, 'several', { samplePeriodMs: 100 }],
  [333.4, 'several', { samplePeriodMs: 300 }],
  [750, 'several', { samplePeriodMs: 750 }],
  [751, null, {}],
  [1000, null, {}],
  [1249, null, {}],
  [2000, 'thin', { samplePeriodMs: 2000 }],
  [10_012, 'thin', { samplePeriodMs: 10_000, windowMs: 100_000 }],
  [60_000, 'thin', { samplePeriodMs: 60_000, latenessMs: 60_000, windowMs: 600_000, staleAfterMs: 120_000 }],
];

for (const [spacingMs, kind, fields] of CASES) {
  test(`a sample each ${spacingMs} ms is ${kind ?? 'as it should be'} for a slot of a second`, () => {
    const fit = samplingFit(DEFAULT_POLICY, spacingMs);
    assert.equal(fit?.kind ?? null, kind);
    assert.deepEqual(fit?.fields ?? {}, fields);
  });
}

test('what would fit is a policy, and with it there is nothing left to say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 3_600_000 }), (spacingMs) => {
      const fit = samplingFit(DEFAULT_POLICY, spacingMs);
      if (fit === null) return;
      const reading = readPolicy({ ...fit.fields });
      assert.ok(reading.ok, JSON.stringify(reading));
      assert.equal(samplingFit(reading.policy, spacingMs), null);
    }),
  );
});

test('at a period that is stated, the policy has it to the ms, is sound, and fits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 3_600_000 }), (periodMs) => {
      const policy = policyAtPeriod(DEFAULT_POLICY, periodMs);
      assert.equal(policy.samplePeriodMs, periodMs);
      assert.ok(readPolicy({ ...policy, idle: undefined }).ok, JSON.stringify(policy));
      assert.equal(samplingFit(policy, periodMs), null);
    }),
  );
});

for (const [periodMs, fields] of [
  [1000, {}],
  [500, { samplePeriodMs: 500 }],
  [1500, { samplePeriodMs: 1500 }],
  [7000, { samplePeriodMs: 7000, windowMs: 70_000 }],
  [60_000, { samplePeriodMs: 60_000, latenessMs: 60_000, windowMs: 600_000, staleAfterMs: 120_000 }],
] as const)
  test(`a period of ${periodMs} ms makes slots of it, and a window of whole slots`, () => {
    assert.deepEqual(policyAtPeriod(DEFAULT_POLICY, periodMs), { ...DEFAULT_POLICY, ...fields });
  });
