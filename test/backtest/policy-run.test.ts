import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticksBefore } from '../../backtest/policy-run.ts';

const CASES: readonly (readonly [lastMs: number, nextMs: number, ticks: readonly number[]])[] = [
  [0, 59_999, []],
  [0, 60_000, [60_000]],
  [60_000, 185_000, [120_000, 180_000]],
  [60_000, 0, []],
];

for (const [lastMs, nextMs, ticks] of CASES) {
  test(`between a tick at ${lastMs} and a message at ${nextMs} there are ${ticks.length}`, () => {
    assert.deepEqual([...ticksBefore(lastMs, nextMs)], ticks);
  });
}

test('a gap of decades does not take forever', () => {
  const ticks = [...ticksBefore(0, Date.UTC(2026, 0, 1))];
  assert.ok(ticks.length <= 10_080);
  assert.ok((ticks.at(-1) ?? 0) > Date.UTC(2025, 11, 1));
});
