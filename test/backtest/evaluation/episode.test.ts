import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLabelledTime } from '../../../backtest/evaluation/episode.ts';

const read = (labels: readonly (readonly [second: number, label: boolean | null])[]) => {
  const time = createLabelledTime({ cylinder: 'c', samplePeriodMs: 1000, graceMs: 3000 });
  for (const [second, label] of labels) time.add(second * 1000, label);
  return time.read();
};
const from = (begin: number, end: number, label: boolean | null) =>
  Array.from({ length: end - begin }, (_, index): [number, boolean | null] => [begin + index, label]);

test('sound time leaves out the grace after an episode, in which no alarm is false', () => {
  const time = read([...from(0, 10, false), ...from(10, 15, true), ...from(15, 25, false)]);
  assert.equal(time.soundMs, (10 + 7) * 1000);
  assert.deepEqual(time.episodes, [{ cylinder: 'c', beginMs: 10_000, endMs: 14_000 }]);
});

test('a slot counts once, however many samples fell into it, and begins where the slot does', () => {
  const time = read([
    [0.2, false],
    [0.8, false],
    [1.5, true],
  ]);
  assert.equal(time.soundMs, 1000);
  assert.equal(time.episodes[0]?.beginMs, 1000);
});

test('unlabelled time is neither sound nor wrong', () => {
  const time = read([...from(0, 5, false), ...from(5, 10, null), ...from(10, 12, false)]);
  assert.equal(time.soundMs, 7000);
  assert.deepEqual([4000, 7000, 10_000].map(time.isSound), [true, false, true]);
  assert.deepEqual(time.episodes, []);
});
