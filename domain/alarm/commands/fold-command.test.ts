import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Story, story } from '../../../test/fixture/alarm-story.ts';
import type { Command } from './command.ts';

const ack = { type: 'ack', by: 'ana', comment: 'on my way' };
const shelve = (until: number): Command => ({ type: 'shelve', by: 'ana', reason: 'x', until: at(until) });
const maintain = (until: number): Command => ({
  type: 'maintenance',
  by: 'bo',
  reason: 'seal',
  until: at(until),
});
const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };

const raised = (): Story => story(CALM).play('AAAA').forget();
const quiet = (one: Story) => [one.transitions(), one.notices()];

test('an acknowledgement names who and what they said, and tells nobody', () => {
  const one = raised().order(ack);
  assert.deepEqual([one.refusals(), ...quiet(one)], [[], [], []]);
  const { acknowledgedBy, comment } = one.state().incident ?? {};
  assert.deepEqual([acknowledgedBy, comment], ['ana', 'on my way']);
});

test('a comment that is missing, empty or no text is none', () => {
  for (const comment of [undefined, '', 3]) {
    const one = raised().order({ type: 'ack', by: 'ana', comment });
    assert.deepEqual([one.state().incident?.acknowledgedBy, one.state().incident?.comment], ['ana', null]);
  }
});

test('what cleared and was never acknowledged stays so, and can still be acknowledged', () => {
  const one = raised().play('nnnnn');
  assert.equal(one.state().incident?.acknowledgedBy, null);
  assert.equal(one.order(ack).state().incident?.acknowledgedBy, 'ana');
});

test('a shelf is kept with who and why, and tells nothing', () => {
  const one = raised().order(shelve(60));
  assert.deepEqual(one.state().shelf, { until: at(60), by: 'ana', reason: 'x' });
  assert.deepEqual(quiet(one.tick(5)), [[], []]);
});

test('unshelving ends the shelf and tells what there is to tell, without SHELF_EXPIRED', () => {
  const one = story({ ...CALM, remind: { advisory: 10_000 } })
    .play('AAAA')
    .forget()
    .order(shelve(60));
  one.tick(20).order({ type: 'unshelve', by: 'bo' }, 30);
  assert.deepEqual([one.refusals(), one.notices()], [[], ['REMINDER @2#2 advisory at 30']]);
  assert.equal(one.state().shelf, null);
});

test('maintenance ends an open incident, its shelf and its hold, and empties the window', () => {
  const one = story().play('AAAAnnnnn').order(shelve(60)).forget();
  assert.equal(one.state().hold, 1);
  one.order(maintain(30), 9);
  assert.deepEqual(one.transitions(), ['9 CLEARING>NORMAL @2 by maintenance']);
  assert.deepEqual(one.notices(), ['RECOVERED @2#2 advisory at 9']);
  const { shelf, hold, window, maintenance, incident, runningSlots } = one.state();
  assert.deepEqual([shelf, hold, window.countedSlots, runningSlots], [null, 0, 0, 0]);
  assert.deepEqual(maintenance, { until: at(30), by: 'bo', reason: 'seal' });
  assert.deepEqual([incident?.endedAt, incident?.final, incident?.clearedAt], [at(9), true, null]);
});

test('maintenance of a suspect cylinder is a transition of no incident, of a normal one none', () => {
  const suspect = story().play('nnnAAn').forget().order(maintain(30), 7);
  assert.deepEqual(quiet(suspect), [['7 SUSPECT>NORMAL by maintenance'], []]);
  assert.equal(suspect.state().incident, null);
  assert.deepEqual(quiet(story().play('nnnn').order(maintain(30), 7)), [[], []]);
});

test('maintenance after a clearing leaves the end of the incident where it was', () => {
  const one = raised().play('nnnnn').forget().order(maintain(30));
  assert.deepEqual(quiet(one), [[], []]);
  assert.deepEqual([one.state().incident?.endedAt, one.state().incident?.final], [null, true]);
  const suspect = raised().play('nnnnnnAAA').forget().order(maintain(30));
  assert.deepEqual(suspect.transitions(), ['13 SUSPECT>NORMAL by maintenance']);
  assert.equal(suspect.state().incident?.endedAt, null);
});

test('during maintenance nothing is judged, and after it the window fills afresh', () => {
  const one = raised().order(maintain(10)).forget().play('AAAAAA');
  assert.deepEqual(quiet(one), [[], []]);
  one.play('AAAA');
  assert.deepEqual(one.transitions(), ['12 NORMAL>ACTIVE @12 began 10', '12 advisory @12']);
});

test('a later maintenance replaces the one before, shorter or longer', () => {
  const one = raised().order(maintain(100)).order(maintain(8), 5).forget().play('AAAAAAAA');
  assert.deepEqual(one.transitions(), ['10 NORMAL>ACTIVE @10 began 8', '10 advisory @10']);
});

test('maintenance until a time not after now ends it, and is refused where none is in force', () => {
  const one = raised().order(maintain(100)).play('AAAA').order(maintain(8)).forget().play('AAAA');
  assert.deepEqual(one.refusals(), []);
  assert.deepEqual(one.transitions(), ['10 NORMAL>ACTIVE @10 began 8', '10 advisory @10']);
  one.order(maintain(5), 20);
  assert.deepEqual(one.refusals(), ['maintenance: past at 20']);
});

test('a close labels the latest incident and acknowledges it; the condition stays', () => {
  const one = raised().order({ type: 'close', by: 'ana', outcome: 'fault', mode: 'seal', comment: 'leaked' });
  assert.deepEqual([one.refusals(), ...quiet(one)], [[], [], []]);
  const { closing, acknowledgedBy, final } = one.state().incident ?? {};
  assert.deepEqual(closing, { by: 'ana', outcome: 'fault', mode: 'seal', comment: 'leaked' });
  assert.deepEqual([acknowledgedBy, final, one.state().condition], ['ana', true, 'ACTIVE']);
});

test('a close without mode or comment has none', () => {
  const one = raised().order({ type: 'close', by: 'ana', outcome: 'sensor' });
  assert.deepEqual(one.state().incident?.closing, {
    by: 'ana',
    outcome: 'sensor',
    mode: null,
    comment: null,
  });
});

const REFUSED: readonly (readonly [Command, string])[] = [
  [{ type: 'dance', by: 'ana' }, 'dance: unknown at 4'],
  [{}, ': unknown at 4'],
  [{ type: 'ack' }, 'ack: missing by at 4'],
  [{ ...shelve(200), reason: '' }, 'shelve: missing reason at 4'],
  [shelve(200), 'shelve: too long at 4'],
  [shelve(4), 'shelve: past at 4'],
  [maintain(4), 'maintenance: past at 4'],
  [{ type: 'unshelve', by: 'ana' }, 'unshelve: no shelf at 4'],
];

for (const [command, refusal] of REFUSED) {
  test(`a refused command changes nothing of the alarm and tells nothing: ${refusal}`, () => {
    const before = raised().state();
    const one = raised().order(command);
    assert.deepEqual([one.refusals(), ...quiet(one)], [[refusal], [], []]);
    assert.deepEqual({ ...one.state(), commandAt: {} }, before);
  });
}

test('a command older than the newest of its kind is refused, an equally old one is ignored', () => {
  const one = raised().order({ ...ack, at: at(3) });
  one.order({ ...ack, by: 'bo', at: at(2.999) }).order({ ...ack, by: 'cy', at: at(3) });
  assert.deepEqual(one.refusals(), ['ack: older at 4']);
  assert.equal(one.state().incident?.acknowledgedBy, 'ana');
  assert.equal(one.order({ ...ack, by: 'di', at: at(3.001) }).state().incident?.acknowledgedBy, 'di');
});

test('a command without a time of its own is as old as its receipt', () => {
  for (const time of [undefined, null, 'now', Number.NaN]) {
    const one = raised()
      .order({ ...ack, at: time })
      .order({ ...ack, by: 'bo', at: at(3) });
    assert.deepEqual(one.refusals(), ['ack: older at 4']);
  }
});

test('shelve and unshelve are one kind; every other command is a kind of its own', () => {
  const one = raised().order({ ...shelve(60), at: at(4) });
  one.order({ type: 'unshelve', by: 'ana', at: at(3) });
  one.order({ ...ack, at: at(3) });
  one.order({ type: 'close', by: 'ana', outcome: 'sensor', at: at(3) });
  one.order({ ...maintain(60), at: at(3) });
  assert.deepEqual(one.refusals(), ['unshelve: older at 4']);
});

test('a command that was refused as things stood is still the newest of its kind', () => {
  const one = raised()
    .order(shelve(200), 5)
    .order({ ...shelve(50), at: at(4.5) }, 6)
    .order(shelve(50), 5);
  assert.deepEqual(one.refusals(), ['shelve: too long at 5', 'shelve: older at 6']);
  assert.equal(one.state().shelf, null);
});

test('a command that makes no sense is never the newest of anything', () => {
  const one = raised()
    .order({ type: 'ack', at: at(100) })
    .order(ack);
  assert.deepEqual(one.refusals(), ['ack: missing by at 4']);
  assert.equal(one.state().incident?.acknowledgedBy, 'ana');
});

test('an older command is refused as older before it is looked at any further', () => {
  const one = raised()
    .order(shelve(50), 5)
    .order({ ...shelve(500), at: at(4) }, 6);
  assert.deepEqual(one.refusals(), ['shelve: older at 6']);
});

test('a cylinder that nobody heard of refuses what needs an incident, and may be in maintenance', () => {
  const one = story().order(ack).order(shelve(9)).order(maintain(9));
  assert.deepEqual(one.refusals(), ['ack: no incident at 0', 'shelve: no incident at 0']);
  assert.equal(one.state().maintenance?.until, at(9));
});

test('a command in force reconciles what people were told, a refused one does not', () => {
  const waiting = () => story().wait(23).send('AAAA', { from: 0, received: 23 });
  assert.deepEqual(waiting().order({ type: 'ack' }).notices(), []);
  assert.deepEqual(waiting().order(ack).notices(), ['RAISED @2#1 advisory at 23']);
});
