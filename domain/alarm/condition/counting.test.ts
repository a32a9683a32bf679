import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, slotAt, story } from '../../../test/fixture/alarm-story.ts';
import { standingOf } from './counting.ts';

const IDLE = { sensor: 'wRMSCurrent', below: 1 } as const;

/** Which seconds of a pattern count: `x` counts, `.` does not, `-` was not received. */
const counted = (pattern: string, changes: Parameters<typeof story>[0]): string => {
  const context = story(changes).context();
  return [...pattern]
    .map((letter, second) => {
      if (letter === '-') return '-';
      const took = standingOf(context, { slot: slotAt(second), abnormal: false, running: letter !== 'i' });
      context.state.receivedSlot = slotAt(second);
      return took === 'counts' ? 'x' : '.';
    })
    .join('');
};

const COUNTED: readonly (readonly [string, string, Parameters<typeof story>[0], string])[] = [
  ['every received slot counts without a warm-up', 'nn-nn', {}, 'xx-xx'],
  ['an idle slot does not count', 'niin', {}, 'x..x'],
  ['the warm-up must be exceeded, k included', 'nnnnn', { warmUpMs: 3000 }, '...xx'],
  ['a warm-up of a millisecond more takes one slot more', 'nnnnn', { warmUpMs: 3001 }, '...xx'],
  ['a warm-up of a millisecond less takes one slot less', 'nnnnn', { warmUpMs: 2999 }, '..xxx'],
  ['an idle slot starts the warm-up again', 'nnninnn', { warmUpMs: 2000 }, '..x...x'],
  ['a slot not received neither adds to the warm-up nor resets it', 'n-n-nn', { warmUpMs: 2000 }, '.-.-xx'],
  [
    'a gap as long as the silence allowed does not start the warm-up again',
    'nnn---nn',
    { warmUpMs: 2000, staleAfterMs: 4000 },
    '..x---xx',
  ],
  [
    'a gap longer than that does, the slot after it being the first',
    'nnn----nnn',
    { warmUpMs: 2000, staleAfterMs: 4000 },
    '..x----..x',
  ],
];

for (const [name, pattern, changes, expected] of COUNTED) {
  test(name, () => assert.equal(counted(pattern, changes), expected));
}

test('a slot that starts before the end of maintenance does not count, one that starts at it does', () => {
  const until = at(20);
  const context = story().context();
  context.state.maintenance = { until, by: 'ana', reason: 'seal' };
  assert.equal(standingOf(context, { slot: slotAt(19), abnormal: true, running: true }), 'maintenance');
  assert.equal(standingOf(context, { slot: slotAt(20), abnormal: true, running: true }), 'counts');
});

test('maintenance starts the warm-up again', () => {
  const context = story({ warmUpMs: 1000 }).context();
  context.state.runningSlots = 9;
  context.state.maintenance = { until: at(20), by: 'ana', reason: 'seal' };
  assert.equal(standingOf(context, { slot: slotAt(19), abnormal: true, running: true }), 'maintenance');
  assert.equal(context.state.runningSlots, 0);
  assert.equal(standingOf(context, { slot: slotAt(20), abnormal: true, running: true }), 'warm-up');
  assert.equal(standingOf(context, { slot: slotAt(21), abnormal: true, running: true }), 'counts');
});

test('an idle slot is idle, in maintenance too', () => {
  const context = story().context();
  context.state.maintenance = { until: at(20), by: 'ana', reason: 'seal' };
  assert.equal(standingOf(context, { slot: slotAt(19), abnormal: true, running: false }), 'idle');
});

test('an idle machine never raises, whatever the model says of it', () => {
  assert.deepEqual(story({ idle: IDLE }).play('IIIIIIII').transitions(), []);
  assert.deepEqual(story({ idle: IDLE }).play('AAAA').transitions(), [
    '2 NORMAL>ACTIVE @2 began 0',
    '2 advisory @2',
  ]);
});

test('a sample without the idle sensor is not idle', () => {
  const one = story({ idle: IDLE }).play('??????');
  assert.equal(one.state().window.countedSlots, 5);
});

test('a sample just at the idle threshold runs', () => {
  const one = story({ idle: { sensor: 'wRMSCurrent', below: 0.2 } }).play('IIII');
  assert.deepEqual(one.transitions(), ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2']);
});

test('a slot runs once any of its samples did', () => {
  const one = story({ idle: IDLE });
  for (let second = 0; second < 5; second += 1) {
    one.send('I', { from: second, received: second });
    one.send('A', { from: second, received: second });
    one.send('I', { from: second, received: second });
  }
  assert.deepEqual(one.transitions(), ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2']);
});

test('missing data neither raises nor clears, and advances no timer', () => {
  const one = story().play('AAAA');
  one.play('--').play('AA').forget();
  assert.equal(one.state().incident?.active, 3);
  one.play('-----n').tick();
  assert.deepEqual(one.transitions(), []);
});
