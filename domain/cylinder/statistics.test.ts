import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, slotAt } from '../../test/fixture/alarm-story.ts';
import { sampleAt } from '../../test/fixture/statistics.ts';
import type { Sample } from '../message/sample.ts';
import { countSlots, missingSamples, type Statistics, updateStatistics } from './statistics.ts';

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
  assert.deepEqual(statistics.sequence, {
    boot: 'b1',
    newestMs: at(0),
    first: 0,
    highest: 0,
    gaps: [],
    lost: 0,
  });
});

test('repetitions leave the statistics as they are, and what drains late all but the numbers', () => {
  const statistics = after(seconds(0, 1, 5));
  for (const second of [5, 1, 0]) {
    const again = sampleAt(second, { probability: 0.9 });
    assert.equal(updateStatistics(statistics, again, SHORT_POLICY, true), statistics);
  }
  const late = updateStatistics(statistics, sampleAt(4, { probability: 0.9 }), SHORT_POLICY, true);
  assert.deepEqual({ ...late, sequence: null }, { ...statistics, sequence: null });
});

test('whatever is repeated, however often, the statistics are those of each sample once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }), (list) => {
      const rising = list.toSorted((a, b) => a - b);
      const once = after([...new Set(rising)].map((second) => sampleAt(second)));
      const [first = 0] = rising;
      assert.deepEqual(
        after(rising.flatMap((second) => [sampleAt(second), sampleAt(second), sampleAt(first)])),
        once,
      );
    }),
  );
});

test('the recent mean is even at first and follows within about two minutes then', () => {
  const values = (temperature: number) => ({ values: [temperature, null, 2, 3, 40, 1000] });
  assert.equal(after([0, 10, 5].map((value, index) => sampleAt(index, values(value)))).recent[0], 5);
  const jump = Array.from({ length: 720 }, (_, index) => sampleAt(index, values(index < 600 ? 0 : 10)));
  const { recent } = after(jump);
  assert.ok((recent[0] ?? 0) > 8.5 && (recent[0] ?? 0) < 10);
  assert.equal(recent[1], null);
  const silent = after([...jump, sampleAt(800, { values: [null, null, null, null, null, null] })]);
  assert.deepEqual(silent.recent, recent);
  const first = after([...jump, sampleAt(800, { values: [10, 7, 2, 3, 40, 1000] })]);
  assert.equal(first.recent[1], 7);
});

test('neither a sample that is abnormal nor one that is idle is in the recent mean', () => {
  const idle = sampleAt(1, { values: [20, 0, 0, 0.5, 0, 0] });
  const abnormal = sampleAt(1, { values: [90, 9, 9, 9, 90, 0], probability: 0.9 });
  assert.deepEqual(after([sampleAt(0), idle], true, IDLE).recent, sampleAt(0).values);
  assert.deepEqual(after([sampleAt(0), abnormal]).recent, sampleAt(0).values);
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

const slot = (second: number, abnormal = false, running = true) => ({
  slot: slotAt(second),
  abnormal,
  running,
});

test('time running is counted by evaluated slots that are not idle', () => {
  const before = after([sampleAt(0)]);
  assert.equal(countSlots(before, [slot(0), slot(1, false, false), slot(2)], SHORT_POLICY).runningMs, 2000);
  assert.equal(countSlots(before, [], SHORT_POLICY), before);
});

test('the shares of the hour and the day count the evaluated slots that were abnormal', () => {
  const statistics = countSlots(after([sampleAt(0)]), [slot(0, true), slot(1)], SHORT_POLICY);
  assert.deepEqual([statistics.hour.abnormal, statistics.hour.received], [[1], [2]]);
  assert.deepEqual([statistics.day.abnormal, statistics.day.received], [[1], [2]]);
  assert.equal(statistics.hour.newest, Math.floor(at(1) / 60_000));
});

test('a sample is abnormal from exactly the threshold on', () => {
  const { abnormal, normalProbability } = after([
    sampleAt(0, { probability: 0.5 }),
    sampleAt(1, { probability: 0.49 }),
  ]);
  assert.deepEqual([abnormal?.probability, normalProbability], [0.5, 0.49]);
});

test('what was abnormal is forgotten when it is long over, and not while the cylinder is not healthy', () => {
  const samples = [sampleAt(0, { probability: 0.9 }), ...seconds(1, 190)];
  assert.equal(after(samples).abnormal, null);
  assert.notEqual(after(samples.slice(0, -1)).abnormal, null);
  assert.deepEqual(after(samples, false).abnormal?.values, sampleAt(0).values);
});

const numbered = (...seqs: readonly number[]) => seqs.map((seq, index) => sampleAt(index, { seq }));

test('missing samples are those between the first and the highest number of this boot', () => {
  assert.equal(missingSamples(after(numbered(7))), 0);
  assert.equal(missingSamples(after(numbered(7, 8, 9))), 0);
  assert.equal(missingSamples(after(numbered(7, 9, 12))), 3);
  assert.equal(missingSamples(after(numbered(7, 9, 8))), 0);
});

test('a new boot begins to count anew, and a sample without a name changes nothing', () => {
  const restarted = after([...numbered(0, 9), sampleAt(5, { boot: 'b2', seq: 3 })]);
  assert.deepEqual([restarted.sequence?.boot, missingSamples(restarted)], ['b2', 0]);
  const unnamed = after([...numbered(0, 9), sampleAt(5, { boot: null, seq: null })]);
  assert.equal(missingSamples(unnamed), 8);
  assert.equal(missingSamples(after([sampleAt(0, { boot: null, seq: null })])), 0);
});

test('what drains late from a queue is no longer missing', () => {
  const before = after([sampleAt(0), sampleAt(9)]);
  assert.equal(missingSamples(before), 8);
  assert.equal(missingSamples(updateStatistics(before, sampleAt(4), SHORT_POLICY, true)), 7);
});
