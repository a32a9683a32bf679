import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import { foldRecord } from '../fold/fold-record.ts';
import { buildTwin } from './build-twin.ts';

const START_MS = 60_000_000;

const twinAfter = (stepMs: number, forMs: number, isLost: (t: number) => boolean = () => false) => {
  let record: CylinderRecord | null = null;
  for (let t = START_MS; t < START_MS + forMs; t += stepMs) {
    if (isLost(t)) continue;
    const sample = {
      ...{ cylinder: 'c', gateway: 'g', t, boot: null, seq: null, model: null },
      ...{ values: [48, 2, 2, 3, 40, 1000], probability: 0.1, why: null },
    };
    ({ record } = foldRecord(
      'c',
      record,
      { kind: 'samples', receivedAt: t, samples: [sample] },
      DEFAULT_POLICY,
    ));
  }
  assert.ok(record !== null);
  return buildTwin(record, START_MS + forMs, DEFAULT_POLICY.staleAfterMs);
};

test('the twin says that there are several samples a slot, and which samplePeriodMs to set', () => {
  assert.deepEqual(twinAfter(100, 62_000).sampling, {
    samplesPerSlot: 10,
    samplePeriodMs: 100,
    words: '10 samples a slot, which is abnormal if any of them is: set samplePeriodMs to 100',
  });
});

test('where there is one sample a slot the twin says nothing of it', () => {
  assert.equal('sampling' in twinAfter(1000, 62_000), false);
});

for (const stepMs of [1500, 2100, 10_000, 30_000])
  test(`one sample each ${stepMs} ms is too thin for slots of a second, and the twin says so and what would fit`, () => {
    const { quality, sampling } = twinAfter(stepMs, 20 * stepMs);
    assert.equal(quality, 'thin');
    const said = JSON.stringify(sampling);
    assert.match(said, /too thin to judge well: set samplePeriodMs to/);
    const set = Number(/"samplePeriodMs":(\d+)/.exec(said)?.[1]);
    assert.ok(Math.abs(set / stepMs - 1) < 0.1, said);
  });

test('a message of ten samples that is lost makes nothing thin', () => {
  assert.equal(
    twinAfter(1000, 62_000, (t) => t >= START_MS + 40_000 && t < START_MS + 50_000).quality,
    'good',
  );
});
