import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median } from './median.ts';

test('the median of an even number of values is between the two in the middle, and of none there is none', () => {
  assert.equal(median([40, 10, 30, 20]), 25);
  assert.equal(median([7, 1, 3]), 3);
  assert.equal(median([]), null);
});
