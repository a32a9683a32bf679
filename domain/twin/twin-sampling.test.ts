import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import { foldRecord } from '../fold/fold-record.ts';
import { buildTwin } from './build-twin.ts';

const START_MS = 60_000_000;

const twinAfter = (stepMs: number, forMs: number) => {
  let record: CylinderRecord | null = null;
  for (let t = START_MS; t < START_MS + forMs; t += stepMs) {
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
