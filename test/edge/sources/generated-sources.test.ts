import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLine } from '../../../edge/simulator/line.ts';
import { randomSource, simulatedSource } from '../../../edge/sources/generated-source.ts';

const START = Date.UTC(2026, 10, 23, 12);

test('the simulated source gives every second of the line, with what is true as label', () => {
  const fault = {
    cylinder: 1,
    kind: 'overload',
    beginMs: START + 2000,
    growMs: 1000,
    endMs: START + 3000,
  } as const;
  const line = createLine({ cylinders: 2, seed: 1, startMs: START, faults: [fault] });
  const batches = simulatedSource(line, START).take(4).toArray();
  assert.deepEqual(
    batches.map((batch) => batch.map(({ t, cylinder, label }) => [t - START, cylinder, label])),
    [0, 1000, 2000, 3000].map((t) => [
      [t, 'cyl-01', false],
      [t, 'cyl-02', t === 2000],
    ]),
  );
  assert.deepEqual(batches[2]?.[1]?.values, line.at(START + 2000)[1]?.values);
});

const correlation = (one: readonly number[], other: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  const product = (x: readonly number[], xMean: number, y: readonly number[], yMean: number) =>
    x.reduce((sum, value, index) => sum + (value - xMean) * ((y[index] ?? Number.NaN) - yMean), 0);
  return product(one, a, other, b) / Math.sqrt(product(one, a, one, a) * product(other, b, other, b));
};

test('the random source gives six independent values for each cylinder, the same ones for the same seed', () => {
  const options = { cylinders: ['a', 'b'], seed: 1, fromMs: START };
  const one = randomSource(options).take(2000).toArray();
  assert.deepEqual(randomSource(options).take(2000).toArray(), one);
  assert.notDeepEqual(
    randomSource({ ...options, seed: 2 })
      .take(1)
      .toArray(),
    one.slice(0, 1),
  );
  const columns = [0, 1, 2, 3, 4, 5].map((column) => one.map(([a]) => a?.values[column] ?? Number.NaN));
  for (const [index, column] of columns.entries()) {
    assert.ok(Math.max(...column) > 9 && Math.min(...column) < 25);
    for (const other of columns.slice(index + 1)) assert.ok(Math.abs(correlation(column, other)) < 0.1);
  }
});
