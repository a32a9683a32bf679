import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClockWatch } from '../../../edge/gateway/housekeeping.ts';
import { createSampleWindow } from '../../../edge/reload/reload-model.ts';

test('a wall clock that is set back or forth is noticed once, by how much; gentle pulls are not, however long they last', () => {
  let [wallMs, monotonicMs] = [1_763_800_000_000, 5000];
  const watch = createClockWatch({ wall: () => wallMs, monotonic: () => monotonicMs }, 1000);
  const after = (wall: number, monotonic: number) => {
    wallMs += wall;
    monotonicMs += monotonic;
    return watch();
  };
  assert.equal(after(1000, 1000), null);
  assert.equal(after(-3_599_000, 1000), -3_600_000);
  assert.equal(after(1000, 1000), null);
  assert.equal(after(86_401_000, 1000), 86_400_000);
  assert.equal(after(1999, 1000), null);
  assert.equal(after(2000, 1000), 1000);
  for (let second = 0; second < 10_000; second += 1) assert.equal(after(1005, 1000), null);
});

test('the window holds the values of the last while, and never more than its most', () => {
  let nowMs = 0;
  const window = createSampleWindow(1000, 3, () => nowMs);
  const temperatures = () => window.rows().map(([first]) => first);
  for (const value of [1, 2]) window.add([value]);
  nowMs = 900;
  window.add([3]);
  assert.deepEqual(temperatures(), [1, 2, 3]);
  window.add([4]);
  assert.deepEqual(new Set(temperatures()), new Set([2, 3, 4]));
  nowMs = 1500;
  assert.deepEqual(new Set(temperatures()), new Set([3, 4]));
});
