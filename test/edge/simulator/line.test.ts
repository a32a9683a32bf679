import assert from 'node:assert/strict';
import test from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { createLine } from '../../../edge/simulator/line.ts';

const START = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

test('equal options give equal samples, whatever was asked before', () => {
  const inOrder = createLine({ cylinders: 4, seed: 7, startMs: START });
  const times = Array.from({ length: 400 }, (_, index) => START + index * 17_000);
  const expected = times.map((t) => inOrder.at(t));
  const backwards = createLine({ cylinders: 4, seed: 7, startMs: START });
  const seen = times.toReversed().map((t) => backwards.at(t));
  assert.deepEqual(seen.toReversed(), expected);
});

test('another seed gives another line', () => {
  const one = createLine({ cylinders: 2, seed: 1, startMs: START }).at(START);
  const other = createLine({ cylinders: 2, seed: 2, startMs: START }).at(START);
  assert.notDeepEqual(one, other);
});

test('a cylinder does not change when others join the line', () => {
  const alone = createLine({ cylinders: 1, seed: 3, startMs: START, faults: [] });
  const among = createLine({ cylinders: 9, seed: 3, startMs: START, faults: [] });
  for (let t = START; t < START + MINUTE; t += 1000) assert.deepEqual(among.at(t)[0], alone.at(t)[0]);
});

test('cylinders are named in order, with two digits and then three', () => {
  const { names } = createLine({ cylinders: 100, seed: 1, startMs: START });
  assert.deepEqual([names[0], names[8], names[98], names[99]], ['cyl-01', 'cyl-09', 'cyl-99', 'cyl-100']);
});

const HEALTHY_RANGES: readonly [low: number, high: number][] = [
  [30, 56],
  [0.5, 3],
  [0.4, 2.6],
  [1, 6],
  [10, 75],
  [100, 1400],
];

for (const [index, sensor] of SENSORS.entries()) {
  test(`${sensor} of a sound line stays in its plausible range and is never still`, () => {
    const [low, high] = HEALTHY_RANGES[index] ?? [0, 0];
    const line = createLine({ cylinders: 20, seed: 11, startMs: START, faults: [] });
    const seen = new Set<number>();
    for (let t = START; t < START + 60 * MINUTE; t += 7_000) {
      for (const { cylinder, values } of line.at(t)) {
        const value = values[index];
        assert.ok(typeof value === 'number' && value >= low && value <= high, `${cylinder} shows ${value}`);
        seen.add(value);
      }
    }
    assert.ok(seen.size > 100, `only ${seen.size} different values`);
  });
}

test('a cylinder warms up after its part was replaced', () => {
  const endMs = START + 30 * MINUTE;
  const fault = {
    cylinder: 0,
    kind: 'loose-mount',
    beginMs: START + MINUTE,
    growMs: MINUTE,
    endMs,
  } as const;
  const line = createLine({ cylinders: 1, seed: 5, startMs: START, faults: [fault] });
  const temperature = (t: number) => line.at(t)[0]?.values[0] ?? 0;
  assert.ok(temperature(endMs - 1000) - temperature(endMs) > 5);
  assert.ok(temperature(endMs + 25 * MINUTE) - temperature(endMs) > 5);
});
