import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summary } from '../../../cli/redrive/put-back.ts';

const left = new Map([
  ['a', 1],
  ['b', 3],
]);

for (const [tally, dryRun, text] of [
  [{ putBack: 3, left: new Map(), stopped: false }, false, '3 put back, 0 left'],
  [{ putBack: 0, left, stopped: false }, false, '0 put back, 4 left (3 b; 1 a)'],
  [{ putBack: 2, left, stopped: false }, true, '2 would be put back, 4 would stay (3 b; 1 a)'],
  [
    { putBack: 1, left: new Map(), stopped: true },
    false,
    '1 put back, 0 left; stopped, the rest is where it was',
  ],
] as const) {
  test(`the summary says: ${text}`, () => assert.equal(summary(tally, dryRun), text));
}

test('a summary of many reasons tells the five most frequent', () => {
  const many = new Map(Array.from({ length: 8 }, (_, index) => [`reason ${index}`, index + 1]));
  assert.match(
    summary({ putBack: 0, left: many, stopped: false }, false),
    /^0 put back, 36 left \(8 reason 7; 7 reason 6; .*; 4 reason 3; 6 for other reasons\)$/,
  );
});
