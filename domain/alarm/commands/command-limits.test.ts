import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, story } from '../../../test/fixture/alarm-story.ts';
import type { Command } from './command.ts';

const maintain = (until: number): Command => ({
  type: 'maintenance',
  by: 'bo',
  reason: 'seal',
  until: at(until),
});

test('maintenance ended by a slow clock ends now, never earlier: what starts before now was in it', () => {
  const one = story().play('nnnn').order(maintain(60), 4).play('AAA');
  one.order({ ...maintain(2), at: at(7) }, 7);
  assert.deepEqual(one.state().maintenance?.until, at(7));
  one.play('AAAA');
  assert.equal(one.state().window.countedSlots, 3);
  assert.deepEqual(one.refusals(), []);
});

test('a command dated in the future is taken as received, and blocks nobody', () => {
  const one = story()
    .play('AAAA')
    .order({ type: 'ack', by: 'ana', at: at(999_999) }, 5);
  assert.deepEqual([one.state().commandAt.ack, one.state().incident?.acknowledgedBy], [at(5), 'ana']);
  one.order({ type: 'ack', by: 'bo' }, 6);
  assert.deepEqual([one.state().incident?.acknowledgedBy, one.refusals()], ['bo', []]);
  // Dated ahead once more at the same time: the same command.
  one.order({ type: 'ack', by: 'cy', at: at(7) }, 6);
  assert.deepEqual([one.state().incident?.acknowledgedBy, one.refusals()], ['bo', []]);
});

test('limits are measured from the time of a command as it was taken', () => {
  const shelf = { type: 'shelve', by: 'ana', reason: 'x', until: at(105), at: at(900) };
  const one = story().play('AAAA').order(shelf, 4);
  assert.deepEqual(one.refusals(), ['shelve: too long at 4']);
});

test('a command for another incident than the latest is refused, and one that names none is not', () => {
  const ack = { type: 'ack', by: 'ana' };
  const one = story().play('AAAA');
  one.order({ ...ack, incident: `c@${at(1)}` }, 4);
  assert.deepEqual(
    [one.refusals(), one.state().incident?.acknowledgedBy],
    [['ack: other incident at 4'], null],
  );
  for (const [second, incident] of [null, '', undefined, `c@${at(2)}`].entries()) {
    one.forget().order({ ...ack, by: `p${second}`, incident }, 5 + second);
    assert.deepEqual([one.refusals(), one.state().incident?.acknowledgedBy], [[], `p${second}`]);
  }
});

const REFUSED_IN_ORDER: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['too long before another incident', { type: 'shelve', until: at(500), incident: 'x' }, 'too long'],
  ['past before another incident', { type: 'shelve', until: at(1), incident: 'x' }, 'past'],
  ['another incident before none', { type: 'shelve', until: at(30), incident: 'x' }, 'other incident'],
  ['another incident before no shelf', { type: 'unshelve', incident: 'x' }, 'other incident'],
  [
    'another incident where there is none',
    { type: 'close', outcome: 'sensor', incident: 'x' },
    'other incident',
  ],
  ['maintenance for longer than allowed', { type: 'maintenance', until: at(3_000_000) }, 'too long'],
  [
    'maintenance for another incident',
    { type: 'maintenance', until: at(30), incident: 'x' },
    'other incident',
  ],
];
for (const [name, command, why] of REFUSED_IN_ORDER) {
  test(`refused in their order: ${name}`, () => {
    const one = story()
      .play('nnnn')
      .order({ by: 'ana', reason: 'y', ...command }, 4);
    assert.deepEqual(one.refusals(), [`${command.type}: ${why} at 4`]);
  });
}

test('maintenance as long as allowed is in force', () => {
  const one = story({ maxMaintenanceMs: 60_000 }).play('n');
  assert.deepEqual(one.order(maintain(64), 4).refusals(), []);
  assert.deepEqual(one.order(maintain(65.001), 5).refusals(), ['maintenance: too long at 5']);
});
