import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAt } from '../../test/fixture/statistics.ts';
import type { Sample } from '../message/sample.ts';
import { type AbnormalMeans, followAbnormal } from './statistics.ts';

const MEMORY_MS = 60_000;

/** Samples one second after the other; those below 0.5 are not abnormal. */
const after = (samples: readonly Partial<Sample>[], isHealthy = false): AbnormalMeans | null => {
  let means: AbnormalMeans | null = null;
  for (const [second, fields] of samples.entries()) {
    const sample = sampleAt(second, { probability: 0.9, ...fields });
    const abnormal = sample.probability >= 0.5;
    const elapsedMs = second === 0 ? 0 : 1000;
    means = followAbnormal(means, sample, { abnormal, isHealthy, elapsedMs, memoryMs: MEMORY_MS });
  }
  return means;
};

const near = (value: number | null | undefined, expected: number, by: number): void => {
  assert.ok(value != null && Math.abs(value - expected) < by, `${value} is not ${expected}`);
};

const alternating = (count: number): readonly Partial<Sample>[] =>
  Array.from({ length: count }, (_, index) => ({
    values: [48, index % 2 === 0 ? 2 : 6, 2, 3, 40, 1000],
    why: [0, index % 2, 0, 0, 0, 1],
    probability: index % 2 === 0 ? 0.7 : 0.9,
  }));

test('they are those of abnormal samples alone', () => {
  assert.equal(after([{ probability: 0.1 }]), null);
  const normal = { values: [0, 0, 0, 0, 0, 0], probability: 0.1 };
  assert.deepEqual(after([normal, {}, normal])?.values, sampleAt(0).values);
});

test('values, contributions and probability are means, the newest counting most', () => {
  const means = after(alternating(200));
  near(means?.values[1], 4, 0.1);
  near(means?.why?.[1], 0.5, 0.05);
  near(means?.probability, 0.8, 0.01);
  near(means?.weight, 60, 3);
  const later = after([...alternating(200), ...Array.from({ length: 180 }, () => ({}))]);
  near(later?.values[1], 2, 0.15);
});

test('a sensor that did not answer keeps its mean, and one that begins to gets one', () => {
  const means = after([{ values: [48, null, 2, 3, 40, 1000] }, { values: [null, 4, 2, 3, 40, 1000] }]);
  assert.deepEqual(means?.values.slice(0, 2), [48, 4]);
});

test('contributions are kept where a sample has none', () => {
  assert.deepEqual(after([{ why: [1, 0, 0, 0, 0, 0] }, {}])?.why, [1, 0, 0, 0, 0, 0]);
  assert.equal(after([{}])?.why, null);
});

test('one abnormal sample is forgotten three memories later by a healthy cylinder, and by no other', () => {
  const quiet = Array.from({ length: 180 }, () => ({ probability: 0.1 }));
  assert.equal(after([{}, ...quiet], true), null);
  assert.notEqual(after([{}, ...quiet.slice(1)], true), null);
  assert.notEqual(after([{}, ...quiet, ...quiet]), null);
});

test('they take a hundred and fifty characters or so', () => {
  const values = [48.123456789, 2.123456789, 1.987654321, 3.333333333, 41.77777777, 1180.123456];
  const many = Array.from({ length: 99 }, (_, index) => ({
    values: values.map((value) => value * (1 + index / 1000)),
    why: values,
  }));
  assert.ok(JSON.stringify(after(many)).length < 170);
});
