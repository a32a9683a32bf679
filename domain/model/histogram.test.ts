import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWithin, decileHistogram } from './histogram.ts';

test('the bins are the tenths of the values', () => {
  const values = Array.from({ length: 100 }, (_, i) => 99 - i);
  const { edges, counts, missing } = decileHistogram([...values, null, Number.NaN, undefined]);
  assert.deepEqual(edges, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
  assert.deepEqual(counts, new Array(10).fill(10));
  assert.equal(missing, 3);
});

test('a value that never changes has one edge, and what lies below it another bin', () => {
  const { edges, counts } = decileHistogram([5, 5, 5]);
  assert.deepEqual([edges, counts], [[5], [0, 3]]);
  assert.deepEqual(countWithin(edges, [4.9, 5, 5.1]).counts, [1, 2]);
});

test('without values there is one empty bin', () => {
  assert.deepEqual(decileHistogram([null]), { edges: [], counts: [0], missing: 1 });
});
