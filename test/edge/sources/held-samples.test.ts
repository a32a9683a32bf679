import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeldSamples } from '../../../edge/sources/held-samples.ts';

const T = 1_763_800_000_000;
const text = (held: readonly Readonly<{ t: number; found: Readonly<Record<string, unknown>> }>[]) =>
  held.map(({ t, found }) => `${t - T} ${JSON.stringify(found)}`);

test('what changes within three quarters of a period is one sample, of the newest time', () => {
  const held = createHeldSamples(1000);
  held.change({ t: T, from: 'a', value: 1 });
  held.change({ t: T + 40, from: 'b', value: 2 });
  assert.deepEqual(held.advance(T + 700), []);
  assert.deepEqual(text(held.advance(T + 800)), ['40 {"a":1,"b":2}']);
});

test('what does not change holds, a sample each period while the device lives', () => {
  const held = createHeldSamples(1000);
  held.change({ t: T, from: 'a', value: 1 });
  assert.deepEqual(text(held.advance(T + 750)), ['0 {"a":1}']);
  assert.deepEqual(
    text(held.advance(T + 3600)),
    ['1000 {"a":1}', '2000 {"a":1}', '3000 {"a":1}'].slice(0, 3),
  );
});

test('values said late, for a past that was kept at the device, have their own times', () => {
  const held = createHeldSamples(1000);
  held.change({ t: T, from: 'a', value: 0 });
  held.advance(T + 750);
  for (let second = 1; second <= 5; second++) held.change({ t: T + 1000 * second, from: 'a', value: second });
  assert.deepEqual(
    text(held.advance(T + 6000)),
    [1, 2, 3, 4, 5].map((second) => `${1000 * second} {"a":${second}}`),
  );
});

test('a value of long ago holds, and is a sample of the time since when it is known', () => {
  const held = createHeldSamples(1000);
  held.change({ t: T - 3_600_000, from: 'a', value: 1 });
  assert.deepEqual(text(held.advance(T)), ['-750 {"a":1}']);
});

test('with no value at all there is no sample, and after what is forgotten none either', () => {
  const held = createHeldSamples(1000);
  held.change({ t: T, from: 'a', value: null });
  assert.deepEqual(held.advance(T + 5000), []);
  held.change({ t: T + 5000, from: 'a', value: 3 });
  assert.equal(held.advance(T + 6000).length, 1);
  held.forget();
  assert.deepEqual(held.advance(T + 9000), []);
});

test('of a device that says a value each period, never more than a fifth early or late, none is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 60 }), (jitters) => {
      const held = createHeldSamples(1000);
      const said: number[] = [];
      const steps = jitters.map((jitter, index) => T + 1000 * index + jitter);
      for (const [index, t] of steps.entries()) {
        held.change({ t, from: 'a', value: index });
        said.push(...held.advance(t + 400).map(({ found }) => Number(found.a)));
      }
      said.push(...held.advance((steps.at(-1) ?? T) + 1400).map(({ found }) => Number(found.a)));
      assert.deepEqual(
        said,
        jitters.map((_, index) => index),
      );
    }),
  );
});

test('times of samples never go back, and lie at least half a period apart, whatever is said when', () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: -2000, max: 9000 }), fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(changes, (all) => {
      const held = createHeldSamples(1000);
      const times: number[] = [];
      for (const [index, [t, isAdvance]] of all.entries()) {
        held.change({ t: T + t, from: 'a', value: index });
        if (isAdvance) times.push(...held.advance(T + 300 * index).map((one) => one.t));
      }
      for (const [index, t] of times.slice(1).entries()) assert.ok(t > (times[index] ?? 0), `${times}`);
    }),
  );
});
