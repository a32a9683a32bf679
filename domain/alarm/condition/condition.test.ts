import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from '../../../test/fixture/alarm-story.ts';

type Case = readonly [string, string, Parameters<typeof story>[0], readonly string[]];

const CASES: readonly Case[] = [
  [
    'all abnormal raises as soon as the window has coverage enough',
    'AAAn',
    {},
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2'],
  ],
  [
    'exactly the raise ratio raises',
    'nnAAAn',
    {},
    ['3 NORMAL>SUSPECT', '4 SUSPECT>ACTIVE @4 began 2', '4 advisory @4'],
  ],
  ['a shade below the raise ratio is suspect', 'nnAAAn', { raiseRatio: 0.601 }, ['3 NORMAL>SUSPECT']],
  ['exactly the clear ratio is suspect', 'nnnAAn', { raiseRatio: 0.8 }, ['4 NORMAL>SUSPECT']],
  ['below the clear ratio is normal', 'nnnnAn', {}, []],
  [
    'suspect and below the clear ratio is normal again',
    'nnnAAnnnnn',
    {},
    ['4 NORMAL>SUSPECT', '8 SUSPECT>NORMAL'],
  ],
  ['suspect stays suspect without saying so again', 'nAnAnAnAn', { raiseRatio: 0.9 }, ['3 NORMAL>SUSPECT']],
  [
    'exactly the coverage that is needed raises',
    'A-A-An',
    {},
    ['4 NORMAL>ACTIVE @4 began 0', '4 advisory @4'],
  ],
  ['a slot less than that changes nothing', 'A--A-n', {}, []],
  [
    'coverage may be asked of the whole window',
    'AAAAAn',
    { minCoverage: 1 },
    ['4 NORMAL>ACTIVE @4 began 0', '4 advisory @4'],
  ],
  [
    'the incident began at the first abnormal slot still in the window',
    'AnnnnAnAAnn',
    {},
    ['7 NORMAL>SUSPECT', '8 SUSPECT>ACTIVE @8 began 5', '8 advisory @8'],
  ],
  [
    'exactly the clear ratio keeps it active',
    'AAAnnnAn',
    {},
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2'],
  ],
  [
    'below it the quiet begins, and clears when it has held long enough',
    'AAAnnnnnn',
    {},
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', '6 ACTIVE>CLEARING @2', '7 CLEARING>NORMAL @2'],
  ],
  [
    'one slot of quiet is enough where the level asks for no more: both lines come at that slot',
    'AAAnnnnnn',
    { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] },
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', '6 ACTIVE>CLEARING @2', '6 CLEARING>NORMAL @2'],
  ],
  [
    'a hold of a millisecond more takes a slot more',
    'AAAnnnnnn',
    { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1001 }] },
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', '6 ACTIVE>CLEARING @2', '7 CLEARING>NORMAL @2'],
  ],
  [
    'a return to the clear ratio makes it active again',
    'AAAnnnnAAAn',
    { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 5000 }] },
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', '6 ACTIVE>CLEARING @2', '8 CLEARING>ACTIVE @2 began 0'],
  ],
  [
    'the quiet is held anew after each return',
    'AAAnnnnAAnnnnnn',
    { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 3000 }] },
    [
      '2 NORMAL>ACTIVE @2 began 0',
      '2 advisory @2',
      '6 ACTIVE>CLEARING @2',
      '8 CLEARING>ACTIVE @2 began 0',
      '12 ACTIVE>CLEARING @2',
    ],
  ],
  [
    'a slot that did not count is no slot of quiet',
    'AAAnnnn--n-',
    {},
    ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', '6 ACTIVE>CLEARING @2'],
  ],
];

for (const [name, pattern, changes, expected] of CASES) {
  test(name, () => assert.deepEqual(story(changes).play(pattern).transitions(), expected));
}

test('a change of the condition says which cylinder, from what, to what, of which incident', () => {
  const one = story().play('AAAn');
  assert.deepEqual(one.state().incident?.raisedSlots, [1_700_000_002]);
  assert.equal(one.state().condition, 'ACTIVE');
});

test('the level that was reached decides how long the quiet must hold', () => {
  const one = story().play('AAAAAAAAA').forget().play('nnnnnnnn');
  assert.deepEqual(one.transitions(), ['12 ACTIVE>CLEARING @2', '14 CLEARING>NORMAL @2']);
});

test('clearing ends the hold and leaves a shelf, and marks when it was', () => {
  const one = story()
    .play('AAAn')
    .order({ type: 'shelve', by: 'ana', reason: 'x', until: 1_700_000_050_000 });
  one.play('nnnnnnn');
  const { shelf, hold, incident } = one.state();
  assert.deepEqual([shelf !== null, hold, incident?.clearedAt], [true, 0, 1_700_000_007_000]);
});
