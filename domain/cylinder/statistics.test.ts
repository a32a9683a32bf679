import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at } from '../../test/fixture/alarm-story.ts';
import { sampleAt } from '../../test/fixture/statistics.ts';
import type { Sample } from '../message/sample.ts';
import { missingSamples, type Statistics, updateStatistics } from './statistics.ts';

const IDLE = { ...SHORT_POLICY, idle: { sensor: 'wRMSCurrent', below: 1 } } as const;

const after = (
  samples: readonly Sample[],
  isHealthy = true,
  policy: typeof SHORT_POLICY = SHORT_POLICY,
): Statistics => {
  let statistics: Statistics | null = null;
  for (const sample of samples) statistics = updateStatistics(statistics, sample, policy, isHealthy);
  if (statistics === null) throw new Error('statistics of no sample');
  return statistics;
};

const seconds = (...list: readonly number[]) => list.map((second) => sampleAt(second));

test('the first sample is the last, and its values are the recent ones', () => {
  const statistics = after([sampleAt(0)]);
  assert.deepEqual([statistics.last, statistics.recent], [sampleAt(0), sampleAt(0).values]);
  assert.deepEqual(
    [statistics.runningMs, statistics.sequence],
    [1000, { boot: 'b1', first: 0, highest: 0, received: 1 }],
  );
});

test('repetitions and what drains late leave the statistics as they are', () => {
  const statistics = after(seconds(0, 1, 5));
  for (const second of [5, 4, 0]) {
    const again = sampleAt(second, { probability: 0.9 });
    assert.equal(updateStatistics(statistics, again, SHORT_POLICY, true), statistics);
  }
});

test('whatever is repeated, however often, the statistics are those of each sample once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }), (list) => {
      const rising = list.toSorted((a, b) => a - b);
      const once = after([...new Set(rising)].map((second) => sampleAt(second)));
      assert.deepEqual(
        after(rising.flatMap((second) => [sampleAt(second), sampleAt(second), sampleAt(0)])),
        once,
      );
    }),
  );
});

test('the recent mean follows within about half a minute, and a sensor that did not answer keeps its mean', () => {
  const jump = Array.from({ length: 31 }, (_, index) =>
    sampleAt(index, { values: [index === 0 ? 0 : 10, null, 2, 3, 40, 1000] }),
  );
  const { recent } = after(jump);
  assert.ok((recent[0] ?? 0) > 8.5 && (recent[0] ?? 0) < 10);
  assert.equal(recent[1], null);
  const silent = after([...jump, sampleAt(40, { values: [null, null, null, null, null, null] })]);
  assert.deepEqual(silent.recent, recent);
  const first = after([...jump, sampleAt(40, { values: [10, 7, 2, 3, 40, 1000] })]);
  assert.equal(first.recent[1], 7);
});

test('what is usual is learned while the cylinder is healthy, of samples that are not abnormal nor idle', () => {
  const learned = (statistics: Statistics) => statistics.baselines.map(({ n }) => n);
  assert.deepEqual(learned(after(seconds(0, 1, 2))), [3, 3, 3, 3, 3, 3]);
  assert.deepEqual(learned(after(seconds(0, 1, 2), false)), [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(learned(after([sampleAt(0, { probability: 0.5 })])), [0, 0, 0, 0, 0, 0]);
  const idle = sampleAt(0, { values: [48, 2, 2, 0.5, 40, 1000] });
  assert.deepEqual(learned(after([idle], true, IDLE)), [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(learned(after([sampleAt(0, { values: [48, null, 2, 3, 40, 1000] })])), [1, 0, 1, 1, 1, 1]);
});

test('time running is counted by samples that are not idle', () => {
  const idle = (second: number) => sampleAt(second, { values: [48, 2, 2, 0.5, 40, 1000] });
  assert.equal(after([sampleAt(0), idle(1), sampleAt(2)], true, IDLE).runningMs, 2000);
  assert.equal(after([idle(0)], true, IDLE).runningMs, 0);
  assert.equal(after([sampleAt(0, { values: [48, 2, 2, null, 40, 1000] })], true, IDLE).runningMs, 1000);
});

test('the shares of the hour and the day count abnormal samples from exactly the threshold on', () => {
  const statistics = after([sampleAt(0, { probability: 0.5 }), sampleAt(1, { probability: 0.49 })]);
  assert.deepEqual([statistics.hour.abnormal, statistics.hour.received], [[1], [2]]);
  assert.deepEqual([statistics.day.abnormal, statistics.day.received], [[1], [2]]);
  assert.equal(statistics.hour.newest, Math.floor(at(1) / 60_000));
});

const numbered = (...seqs: readonly number[]) => seqs.map((seq, index) => sampleAt(index, { seq }));

test('missing samples are those between the first and the highest number of this boot', () => {
  assert.equal(missingSamples(after(numbered(7))), 0);
  assert.equal(missingSamples(after(numbered(7, 8, 9))), 0);
  assert.equal(missingSamples(after(numbered(7, 9, 12))), 3);
  assert.equal(missingSamples(after(numbered(7, 9, 8))), 1);
});

test('a new boot begins to count anew, and a sample without a name changes nothing', () => {
  const restarted = after([...numbered(0, 9), sampleAt(5, { boot: 'b2', seq: 3 })]);
  assert.deepEqual(restarted.sequence, { boot: 'b2', first: 3, highest: 3, received: 1 });
  const unnamed = after([...numbered(0, 9), sampleAt(5, { boot: null, seq: null })]);
  assert.equal(missingSamples(unnamed), 8);
  assert.equal(missingSamples(after([sampleAt(0, { boot: null, seq: null })])), 0);
});
