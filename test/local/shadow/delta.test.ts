import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deltaOf } from '../../../local/shadow/answers.ts';
import type { JsonObject } from '../../../local/shadow/json.ts';
import { mergeSection } from '../../../local/shadow/shadow-store.ts';

const delta = (desired: JsonObject | null, reported: JsonObject | null) =>
  deltaOf({ desired: mergeSection(null, desired, 7), reported: mergeSection(null, reported, 8) });

const CASES: readonly [string, JsonObject | null, JsonObject | null, JsonObject | null][] = [
  ['nothing desired', null, { a: 1 }, null],
  ['nothing reported', { a: 1 }, null, { a: 1 }],
  ['all as desired', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, null],
  ['reported only', { a: 1 }, { a: 1, z: 9 }, null],
  ['one value', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 }],
  ['a nested value', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 2 } }],
  ['an array, whole', { a: [1, 2] }, { a: [1] }, { a: [1, 2] }],
  ['another type', { a: { b: 1 } }, { a: 1 }, { a: { b: 1 } }],
];

for (const [name, desired, reported, expected] of CASES) {
  test(`the difference between desired and reported: ${name}`, () => {
    assert.deepEqual(delta(desired, reported)?.state ?? null, expected);
  });
}

test('the difference carries the times of the desired values', () => {
  assert.deepEqual(delta({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 1 } })?.metadata, {
    a: { c: { timestamp: 7 } },
    d: [{ timestamp: 7 }],
  });
});
