import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Baseline, deviationOf, EMPTY_BASELINE, learn, rangeOf } from './baseline.ts';

const learned = (values: Iterable<number>): Baseline => {
  let usual = EMPTY_BASELINE;
  for (const value of values) usual = learn(usual, value);
  return usual;
};

const alternating = (count: number, one: number, other: number) =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? one : other));

test('mean and variance are exact while the memory fills', () => {
  const { n, mean, variance } = learned([1, 2, 3, 4]);
  assert.equal(n, 4);
  assert.ok(Math.abs(mean - 2.5) < 1e-12 && Math.abs(variance - 1.25) < 1e-12);
});

test('below a minute of samples nothing is usual', () => {
  assert.equal(rangeOf(learned(alternating(59, 9, 11))), null);
  assert.equal(deviationOf(learned(alternating(59, 9, 11)), 99), 0);
  assert.notEqual(rangeOf(learned(alternating(60, 9, 11))), null);
});

test('the usual range is two standard deviations around the mean', () => {
  const range = rangeOf(learned(alternating(100, 9, 11)));
  assert.ok(range && Math.abs(range.low - 8) < 1e-9 && Math.abs(range.high - 12) < 1e-9);
});

test('a deviation is counted in standard deviations, with its sign', () => {
  const usual = learned(alternating(100, 9, 11));
  assert.ok(Math.abs(deviationOf(usual, 13) - 3) < 1e-9);
  assert.ok(Math.abs(deviationOf(usual, 8) + 2) < 1e-9);
  assert.equal(deviationOf(usual, usual.mean), 0);
});

test('a sensor that never moved is not infinitely sensitive, one at 0 included', () => {
  const still = deviationOf(learned(alternating(100, 50, 50)), 50.001);
  assert.ok(Number.isFinite(still) && still < 1);
  assert.ok(deviationOf(learned(alternating(100, 50, 50)), 60) > 2);
  assert.ok(Number.isFinite(deviationOf(learned(alternating(100, 0, 0)), 1)));
});

test('what was usual hours ago is forgotten', () => {
  const usual = learned([...alternating(3600, 9, 11), ...alternating(6 * 3600, 29, 31)]);
  assert.equal(usual.n, 3600);
  assert.ok(Math.abs(usual.mean - 30) < 0.2);
});

test('a value beyond all measure is not learned, and leaves numbers that can be stored', () => {
  const usual = learned([...alternating(100, 9, 11), 1.7e308, -1.7e308, 10]);
  assert.ok(Number.isFinite(usual.mean) && Number.isFinite(usual.variance));
  assert.ok(Math.abs(usual.mean - 10) < 0.1);
  assert.deepEqual(learned([1.7e308]), EMPTY_BASELINE);
});
