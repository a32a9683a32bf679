import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, slotAt, story } from '../../../test/fixture/alarm-story.ts';
import { isOpen } from '../state/fold-context.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const CLOSE = { type: 'close', by: 'ana', outcome: 'no-fault-found' };

/** Raised at 2, cleared at 6; ten seconds until it can no longer be reopened. */
const cleared = (changes: Parameters<typeof story>[0] = {}) =>
  story({ ...CALM, ...changes }).play('AAAnnnnn');

test('an incident is open while the condition is ACTIVE or CLEARING', () => {
  const one = story();
  assert.equal(isOpen(one.context()), false);
  assert.equal(isOpen(one.play('nnnAAn').context()), false);
  assert.equal(isOpen(one.play('AAAAA').context()), true);
  assert.equal(isOpen(one.play('nnnnn').context()), true);
  assert.equal(one.state().condition, 'CLEARING');
  assert.equal(isOpen(one.play('nnn').context()), false);
});

test('a new incident is named after the slot that raised it and begins with nothing known of it', () => {
  const { incident } = story().play('nAAn').state();
  assert.deepEqual(incident, {
    id: 'c@1700000002000',
    raisedAt: 1_700_000_002_000,
    beganAt: 1_700_000_001_000,
    raisedSlots: [slotAt(2)],
    reopenings: 0,
    severity: 'advisory',
    active: 1,
    abnormalAt: 1_700_000_002_000,
    clearedAt: null,
    final: false,
    notices: 1,
    acknowledgedBy: null,
    comment: null,
    endedAt: null,
    endedBy: null,
    closing: null,
  });
});

test('severity rises when the time spent active reaches a level, and not a slot sooner', () => {
  assert.deepEqual(story().play('AAAAAAAA').transitions().slice(2), []);
  assert.deepEqual(story().play('AAAAAAAAA').transitions().slice(2), ['7 warning @2']);
  const later = story({
    levels: [
      { severity: 'advisory', afterMs: 0, clearHoldMs: 0 },
      { severity: 'warning', afterMs: 6001, clearHoldMs: 0 },
    ],
  });
  assert.deepEqual(later.play('AAAAAAAAAA').transitions().slice(2), ['8 warning @2']);
});

test('of several levels reached at once only the highest is said', () => {
  const levels = [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 0 },
    { severity: 'warning', afterMs: 500, clearHoldMs: 0 },
    { severity: 'alarm', afterMs: 1000, clearHoldMs: 0 },
  ];
  assert.deepEqual(story({ levels }).play('AAAA').transitions(), [
    '2 NORMAL>ACTIVE @2 began 0',
    '2 alarm @2',
  ]);
});

test('severity never drops within an incident, even where the levels are moved up under it', () => {
  const one = story().play('AAAAAAAAA').forget();
  one.under({
    levels: [
      { severity: 'advisory', afterMs: 0, clearHoldMs: 2000 },
      { severity: 'warning', afterMs: 60_000, clearHoldMs: 3000 },
    ],
  });
  one.play('AAA');
  assert.deepEqual([one.state().incident?.severity, one.transitions()], ['warning', []]);
});

test('time in CLEARING is not time spent active, the slot that comes back from it is', () => {
  const one = story({ levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 9000 }] });
  one.play('AAAnnnnn');
  assert.equal(one.state().incident?.active, 4);
  assert.equal(one.state().condition, 'CLEARING');
  one.play('AAn');
  assert.equal(one.state().condition, 'ACTIVE');
  assert.equal(one.state().incident?.active, 5);
});

test('raised again in time it is the same incident, and goes on from where it was', () => {
  const one = cleared().forget().play('AAAn');
  assert.deepEqual(one.transitions(), ['9 NORMAL>SUSPECT', '10 SUSPECT>ACTIVE @2 began 0']);
  const { incident } = one.state();
  assert.deepEqual(
    [incident?.reopenings, incident?.raisedSlots, incident?.active, incident?.clearedAt],
    [1, [slotAt(2), slotAt(10)], 5, null],
  );
});

test('a severity that the reopening reaches is said, one that it had is not', () => {
  const levels = [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 1000 },
    { severity: 'warning', afterMs: 5000, clearHoldMs: 1000 },
  ];
  const one = story({ levels }).play('AAAnnnnn').forget().play('AAAn');
  assert.deepEqual(one.transitions(), ['9 NORMAL>SUSPECT', '10 SUSPECT>ACTIVE @2 began 0', '10 warning @2']);
});

// Cleared at 6 and raised at the slot after so many quiet ones: 16 is ten seconds later.
test('a raise less than reopenWithinMs after the clearing reopens, one as much later is new', () => {
  const sooner = cleared().forget().play('nnnnn').play('AAAn');
  assert.deepEqual(sooner.transitions(), ['14 NORMAL>SUSPECT', '15 SUSPECT>ACTIVE @2 began 0']);
  const later = cleared().forget().play('nnnnnn').play('AAAn');
  assert.deepEqual(later.transitions(), [
    '15 NORMAL>SUSPECT',
    '16 SUSPECT>ACTIVE @16 began 14',
    '16 advisory @16',
  ]);
});

test('a closed incident is not reopened', () => {
  const one = cleared().order(CLOSE).forget().play('AAAn');
  assert.deepEqual(one.transitions(), [
    '9 NORMAL>SUSPECT',
    '10 SUSPECT>ACTIVE @10 began 8',
    '10 advisory @10',
  ]);
});

test('an incident closed while it was open is not reopened after its clearing', () => {
  const one = story(CALM).play('AAAn').order(CLOSE).play('nnnn').forget().play('AAAn');
  assert.deepEqual(one.transitions(), [
    '9 NORMAL>SUSPECT',
    '10 SUSPECT>ACTIVE @10 began 8',
    '10 advisory @10',
  ]);
});

test('after maintenance a raise is a new incident, however soon', () => {
  const one = cleared().order({ type: 'maintenance', by: 'ana', reason: 'seal', until: 1_700_000_009_000 });
  one.forget().play('-AAAn');
  assert.deepEqual(one.transitions(), ['11 NORMAL>ACTIVE @11 began 9', '11 advisory @11']);
});

test('of the raises of one incident the newest are remembered', () => {
  const one = story({ ...CALM, windowMs: 1000, minCoverage: 0 });
  one.play('An'.repeat(40)).play('n');
  const { raisedSlots = [], reopenings } = one.state().incident ?? {};
  assert.deepEqual([raisedSlots.length, raisedSlots.at(-1), reopenings], [12, slotAt(78), 39]);
});

const LASTS: readonly (readonly [pattern: string, second: number, why: string])[] = [
  ['AAA-n', 2, 'the slot that raised it'],
  ['AAAn', 2, 'the quiet after it is not'],
  ['AAAnA-n', 4, 'one more abnormal slot moves it'],
  ['AAAnAnnnnnn', 4, 'while it clears it stays'],
  ['AAAnnnnnnAAAn', 11, 'reopened it goes on from what reopened it'],
];
for (const [pattern, second, why] of LASTS) {
  test(`after ${pattern} it was abnormal last at ${second}: ${why}`, () => {
    assert.equal(story().play(pattern).state().incident?.abnormalAt, at(second));
  });
}
