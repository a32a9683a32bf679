import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Probe, probeSampling, spacingWithinSlots } from './sampling.ts';

const SECOND = { samplePeriodMs: 1000 };
const after = (times: readonly number[]): readonly Probe[] =>
  times.reduce((probes: readonly Probe[], t) => probeSampling(probes, t, SECOND), []);
const every = (stepMs: number, forMs: number): number[] =>
  Array.from({ length: Math.floor(forMs / stepMs) }, (_, index) => 60_000_000 + index * stepMs);

test('ten samples a second are a tenth of a second apart, as soon as two slots were looked into', () => {
  assert.equal(spacingWithinSlots(after(every(100, 59_000))), null);
  assert.equal(spacingWithinSlots(after(every(100, 62_000))), 100);
});

test('one sample a second, or fewer, says nothing', () => {
  for (const stepMs of [1000, 999, 1001, 10_000])
    assert.equal(spacingWithinSlots(after(every(stepMs, 600_000))), null);
});

test('it stays small, however many samples there are', () => {
  assert.ok(JSON.stringify(after(every(5, 300_000))).length < 150);
});

test('neither the order of samples nor how often each comes makes a difference', () => {
  const times = fc.array(
    fc
      .integer({ min: 0, max: 4 })
      .chain((minute) => fc.integer({ min: 0, max: 1999 }).map((ms) => minute * 60_000 + ms)),
    {
      maxLength: 80,
    },
  );
  const shuffled = times.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray([...given, ...given], { minLength: 2 * given.length })),
  );
  fc.assert(fc.property(shuffled, ([given, other]) => assert.deepEqual(after(other), after(given))));
});
