import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poisson, wilson } from '../../../backtest/tune/choose-policy.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 5e-4, `${actual} is not ${expected}`);

// Known values: Wilson by its closed form, Poisson by the quantiles of chi-square (Garwood's table).
const SHARES: readonly (readonly [number, number, number, number])[] = [
  [15, 18, 0.6078, 0.9416],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [0, 0, 0, 1],
];
for (const [hits, trials, low, high] of SHARES) {
  test(`${hits} of ${trials} are between ${low} and ${high}`, () => {
    const interval = wilson(hits, trials);
    near(interval.low, low);
    near(interval.high, high);
  });
}

const COUNTS: readonly (readonly [number, number, number])[] = [
  [0, 0, 3.6889],
  [1, 0.0253, 5.5716],
  [2, 0.2422, 7.2247],
  [10, 4.7954, 18.3904],
];
for (const [count, low, high] of COUNTS) {
  test(`${count} events seen are ${low} to ${high} expected`, () => {
    const interval = poisson(count);
    near(interval.low, low);
    near(interval.high, high);
  });
}
