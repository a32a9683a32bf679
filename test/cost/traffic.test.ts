import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf } from '../../cost/plan.ts';
import { streamOf } from '../../cost/traffic.ts';

const SHARDS: readonly (readonly [cylinders: number, shards: number])[] = [
  [1, 1],
  [1000, 1],
  [1800, 1],
  [2000, 2],
  [10_000, 6],
];

for (const [cylinders, shards] of SHARDS) {
  test(`${cylinders} cylinders need ${shards} shards, and their batches hold 20 s`, () => {
    assert.deepEqual(streamOf(planOf({ cylinders })), { shards, windowMs: 20_000 });
  });
}

test('too few shards fill their batches before the window ends', () => {
  const { windowMs } = streamOf(planOf({ cylinders: 10_000, shards: 1 }));
  // Four batches of some 1,090 messages, 1,000 messages a second.
  assert.ok(windowMs > 4000 && windowMs < 4500, String(windowMs));
});
