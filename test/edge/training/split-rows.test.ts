import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelledRow } from '../../../edge/training/boost.ts';
import { splitRows } from '../../../edge/training/split-rows.ts';

/** Rows whose first value is their place, with stretches of normal (0) and abnormal (1) ones. */
const rowsOf = (
  stretches: readonly (readonly [label: number, count: number])[],
  recording?: string,
): readonly LabelledRow[] =>
  stretches
    .flatMap(([label, count]) => Array<number>(count).fill(label))
    .map((label, at) => ({
      values: [at, 0, 0, 0, 0, 0],
      label,
      ...(recording === undefined ? {} : { recording }),
    }));

const splitOf = (rows: readonly LabelledRow[]) => {
  const result = splitRows(rows);
  assert.ok(result.ok);
  return result.split;
};
const sizes = (rows: readonly LabelledRow[]) => [rows.length, rows.filter(({ label }) => label === 1).length];

const fiveOf = (name: (letter: string) => object): readonly LabelledRow[] =>
  ['a', 'b', 'c', 'd', 'e'].flatMap((letter) =>
    rowsOf([
      [0, 50],
      [1, 10],
    ]).map((row) => ({ ...row, ...name(letter) })),
  );

test('each recording with faults of its own is held out whole, by a model of the others', () => {
  const split = splitOf(fiveOf((recording) => ({ recording })));
  assert.ok(split.kind === 'recordings');
  assert.deepEqual(
    split.folds.map(({ training, heldOut }) => [sizes(training), sizes(heldOut)]),
    Array(5).fill([
      [240, 40],
      [60, 10],
    ]),
  );
});

test('no cylinder stands on both sides, whatever the recordings, unless that is asked', () => {
  const rows = fiveOf((letter) => ({
    recording: `day ${letter}`,
    cylinder: `cyl-${'ab'.indexOf(letter) > -1 ? 1 : letter}`,
  }));
  const split = splitOf(rows);
  assert.ok(split.kind === 'recordings');
  assert.equal(split.folds.length, 4);
  for (const { training, heldOut } of split.folds) {
    const known = new Set(training.map(({ cylinder }) => cylinder));
    assert.ok(heldOut.every(({ cylinder }) => !known.has(cylinder)));
  }
  const shared = splitRows(rows, true);
  assert.ok(shared.ok && shared.split.kind === 'recordings');
  assert.equal(shared.split.folds.length, 5);
});

test('one recording is divided in order of time where each part has an episode of its own', () => {
  const split = splitOf(
    rowsOf([
      [0, 40],
      [1, 10],
      [0, 15],
      [1, 10],
      [0, 10],
      [1, 10],
      [0, 5],
    ]),
  );
  assert.ok(split.kind === 'time');
  assert.deepEqual(Object.values(split.parts).map(sizes), [
    [60, 10],
    [20, 10],
    [20, 10],
  ]);
});

test('where that would cut an episode or leave a part without, the cuts are made between episodes', () => {
  const split = splitOf(
    rowsOf([
      [0, 100],
      [1, 10],
      [0, 20],
      [1, 10],
      [0, 20],
      [1, 10],
      [0, 400],
    ]),
  );
  assert.ok(split.kind === 'episodes');
  const { training, stopping, test } = split.parts;
  assert.deepEqual(
    [sizes(training), sizes(stopping), sizes(test)],
    [
      [120, 10],
      [30, 10],
      [420, 10],
    ],
  );
});

for (const [what, stretches] of [
  [
    'one episode',
    [
      [0, 500],
      [1, 200],
      [0, 300],
    ],
  ],
  [
    'a run to failure',
    [
      [0, 900],
      [1, 100],
    ],
  ],
] as const)
  test(`${what} is held out block by block, and what lies next to a block is not trained on`, () => {
    const rows = rowsOf(stretches);
    const split = splitOf(rows);
    assert.ok(split.kind === 'blocks');
    assert.equal(split.folds.length, 5);
    assert.deepEqual(
      split.folds
        .flatMap(({ heldOut }) => heldOut.map(({ values }) => values[0]))
        .toSorted((a, b) => Number(a) - Number(b)),
      rows.map(({ values }) => values[0]),
    );
    for (const { training, heldOut } of split.folds) {
      const places = new Set(heldOut.map(({ values, label }) => `${label} ${values[0]}`));
      for (const { values, label } of training)
        for (const step of [-5, -1, 0, 1, 5]) assert.ok(!places.has(`${label} ${Number(values[0]) + step}`));
    }
  });
