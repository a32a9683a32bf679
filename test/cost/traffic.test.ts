import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf } from '../../cost/plan.ts';
import { streamOf } from '../../cost/traffic.ts';

const SHARDS: readonly (readonly [cylinders: number, shards: number, windowS: number])[] = [
  [1, 1, 40],
  [1000, 1, 40],
  // Batches are full at 6 MB.
  [1800, 1, 24],
  [2000, 2, 40],
  [10_000, 6, 26],
];

for (const [cylinders, shards, windowS] of SHARDS) {
  test(`${cylinders} cylinders need ${shards} shards, and their batches hold ${windowS} s`, () => {
    const stream = streamOf(planOf({ cylinders }));
    assert.deepEqual([stream.shards, Math.floor(stream.windowMs / 1000)], [shards, windowS]);
  });
}

test('too few shards fill their batches before the window ends', () => {
  const { windowMs } = streamOf(planOf({ cylinders: 10_000, shards: 1 }));
  // Four batches of some 1,090 messages, 1,000 messages a second.
  assert.ok(windowMs > 4000 && windowMs < 4500, String(windowMs));
});
