import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, samplesOf } from '../../test/fixture/alarm-story.ts';
import { foldRecord } from '../fold/fold-record.ts';
import { type CylinderRecord, newestSampleMs } from './cylinder-record.ts';

const recordUntil = (second: number): CylinderRecord =>
  foldRecord(
    'c',
    null,
    { kind: 'samples', receivedAt: at(second), samples: samplesOf('0', second) },
    SHORT_POLICY,
  ).record;

test('the newest sample is the latest of any cylinder, and a cylinder without samples has none', () => {
  const silent: CylinderRecord = { ...recordUntil(0), statistics: null };
  assert.equal(newestSampleMs([]), null);
  assert.equal(newestSampleMs([silent, silent]), null);
  assert.equal(newestSampleMs([recordUntil(3), silent, recordUntil(7), recordUntil(5)]), at(7));
});

test('the newest sample is found among more cylinders than a function takes arguments', () => {
  const records = new Array<CylinderRecord>(300_000).fill(recordUntil(1));
  assert.equal(newestSampleMs(records), at(1));
});
