import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallied } from '../../../backtest/recordings/recording-tally.ts';
import type { SourceSample } from '../../../edge/sources/source.ts';

const sample = (cylinder: string, t: number, label: boolean | null): SourceSample => ({
  cylinder,
  t,
  values: [],
  label,
});

test('a recording passes through as it is, and what was in it is counted, each cylinder by itself', async () => {
  const batches = [
    [sample('a', 1000, false), sample('b', 9000, null)],
    [sample('a', 2500, true), sample('a', 4001, true), sample('a', 14_001, false)],
  ];
  const shown: SourceSample[] = [];
  const { source, tally } = tallied(batches, 1000, (each) => shown.push(each));
  const through: (readonly SourceSample[])[] = [];
  for await (const batch of source) through.push(batch);
  assert.deepEqual(through, batches);
  assert.deepEqual(shown, batches.flat());
  assert.deepEqual(tally(), {
    samples: 5,
    gaps: 2,
    longestGapMs: 10_000,
    firstMs: 1000,
    lastMs: 14_001,
    isLabelled: true,
    spacings: new Map([
      ['a', 1500.5],
      ['b', null],
    ]),
  });
});

test('of an empty recording there is nothing to count', async () => {
  const { source, tally } = tallied([], 1000);
  for await (const _ of source) assert.fail('a batch of nothing');
  const { samples, gaps, firstMs, lastMs, isLabelled } = tally();
  assert.deepEqual([samples, gaps, firstMs, lastMs, isLabelled], [0, 0, null, null, false]);
});
