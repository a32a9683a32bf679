import assert from 'node:assert/strict';
import test from 'node:test';
import { noiseAt, uniformAt } from '../../../edge/simulator/healthy-cylinder.ts';

const COUNT = 20_000;

test('uniform numbers fill the range from 0 to 1 evenly, each key counting', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let key = 0; key < COUNT; key += 1) {
    const tenth = Math.floor(uniformAt(5, key, 9) * 10);
    tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
  }
  for (const share of tenths) assert.ok(Math.abs(share / COUNT - 0.1) < 0.01, `${tenths}`);
  const neighbours = [uniformAt(1, 2, 3), uniformAt(1, 2, 4), uniformAt(1, 3, 2), uniformAt(2, 1, 3)];
  assert.equal(new Set(neighbours).size, 4);
});

test('noise has mean 0, deviation 1 and remembers the second before', () => {
  const series = Array.from({ length: COUNT }, (_, second) => noiseAt(second, 1, 2));
  const mean = series.reduce((sum, value) => sum + value, 0) / COUNT;
  const variance = series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
  const covariance = series.reduce((sum, value, index) => {
    const next = series[index + 1];
    return next === undefined ? sum : sum + (value - mean) * (next - mean);
  }, 0);
  assert.ok(Math.abs(mean) < 0.08, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.1, `variance ${variance}`);
  assert.ok(Math.abs(covariance / COUNT / variance - 0.8) < 0.05);
});
