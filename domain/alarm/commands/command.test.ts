import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, story } from '../../../test/fixture/alarm-story.ts';
import {
  COMMAND_TYPES,
  type Command,
  type CommandType,
  inapplicability,
  malformation,
  typeOf,
} from './command.ts';

const until = at(50);
const WHOLE: Readonly<Record<CommandType, Command>> = {
  ack: { type: 'ack', by: 'ana' },
  shelve: { type: 'shelve', by: 'ana', reason: 'x', until },
  unshelve: { type: 'unshelve', by: 'ana' },
  maintenance: { type: 'maintenance', by: 'ana', reason: 'x', until },
  close: { type: 'close', by: 'ana', outcome: 'fault', mode: 'seal' },
};

test('there are five commands, and nothing else is one', () => {
  assert.deepEqual(COMMAND_TYPES, ['ack', 'shelve', 'unshelve', 'maintenance', 'close']);
  for (const type of COMMAND_TYPES) assert.equal(typeOf({ type }), type);
  for (const type of ['', 'ACK', 'acknowledge', 'constructor', '__proto__', null, undefined, 3, ['ack'], {}])
    assert.equal(typeOf({ type }), null);
});

test('a whole command has nothing wrong with it', () => {
  for (const type of COMMAND_TYPES) assert.equal(malformation(WHOLE[type], type), null);
  for (const outcome of ['no-fault-found', 'sensor', 'planned-work'])
    assert.equal(malformation({ by: 'ana', outcome }, 'close'), null);
});

const MISSING: readonly (readonly [CommandType, Command, string])[] = [
  ['ack', {}, 'missing by'],
  ['unshelve', {}, 'missing by'],
  ['shelve', {}, 'missing by'],
  ['shelve', { by: 'ana' }, 'missing reason'],
  ['shelve', { by: 'ana', reason: 'x' }, 'missing until'],
  ['shelve', { reason: 'x', until }, 'missing by'],
  ['maintenance', {}, 'missing by'],
  ['maintenance', { by: 'ana', until }, 'missing reason'],
  ['maintenance', { by: 'ana', reason: 'x' }, 'missing until'],
  ['close', { outcome: 'dunno' }, 'missing by'],
  ['close', { by: 'ana' }, 'missing outcome'],
  ['close', { by: 'ana', outcome: 'dunno' }, 'outcome'],
  ['close', { by: 'ana', outcome: 'fault' }, 'missing mode'],
  ['close', { by: 'ana', outcome: 'fault', mode: '' }, 'missing mode'],
  ['close', { by: 'ana', outcome: 'fault', mode: 3 }, 'missing mode'],
  ['ack', { by: '' }, 'missing by'],
  ['ack', { by: 7 }, 'missing by'],
  ['ack', { by: null }, 'missing by'],
  ['shelve', { by: 'ana', reason: '', until }, 'missing reason'],
  ['shelve', { by: 'ana', reason: 'x', until: '30m' }, 'missing until'],
  ['shelve', { by: 'ana', reason: 'x', until: Number.NaN }, 'missing until'],
  ['shelve', { by: 'ana', reason: 'x', until: Number.POSITIVE_INFINITY }, 'missing until'],
  ['close', { by: 'ana', outcome: '' }, 'missing outcome'],
];

for (const [type, command, why] of MISSING) {
  test(`${type} of ${JSON.stringify(command)} is refused: ${why}`, () => {
    assert.equal(malformation(command, type), why);
  });
}

const asked = (type: CommandType, atMs: number, untilMs: number) => ({
  type,
  at: atMs,
  until: untilMs,
  incident: null,
});

const applied = (pattern: string, type: CommandType, untilMs: number, atMs: number) => {
  const one = story().play(pattern);
  return inapplicability(one.context(), { type, at: atMs, until: untilMs, incident: null });
};

// Ten seconds were played, so that it is second 10; a shelf may last 100 s.
const APPLIED: readonly (readonly [string, string, CommandType, number, number, string | null])[] = [
  ['a shelf as long as allowed', 'AAAAAAAAAA', 'shelve', 110, 10, null],
  ['a shelf longer than allowed', 'AAAAAAAAAA', 'shelve', 110.001, 10, 'too long'],
  [
    'a shelf longer than allowed from the time of the command',
    'AAAAAAAAAA',
    'shelve',
    110,
    9.999,
    'too long',
  ],
  ['a shelf too long for no incident', 'nnnnnnnnnn', 'shelve', 111, 10, 'too long'],
  ['a shelf until now', 'AAAAAAAAAA', 'shelve', 10, 9, 'past'],
  ['a shelf until just after now', 'AAAAAAAAAA', 'shelve', 10.001, 10, null],
  ['a shelf until now for no incident', 'nnnnnnnnnn', 'shelve', 10, 9, 'past'],
  ['a shelf for no incident', 'nnnnnnnnnn', 'shelve', 20, 10, 'no incident'],
  ['a shelf for an incident that is over', 'AAAnnnnnnn', 'shelve', 20, 10, 'no incident'],
  ['an end of a shelf that is not there', 'AAAAAAAAAA', 'unshelve', 0, 10, 'no shelf'],
  ['an acknowledgement of nothing', 'nnnnnnnnnn', 'ack', 0, 10, 'no incident'],
  ['an acknowledgement of an open incident', 'AAAAAAAAAA', 'ack', 0, 10, null],
  ['an acknowledgement of one that is over', 'AAAnnnnnnn', 'ack', 0, 10, null],
  ['a close of nothing', 'nnnnnnnnnn', 'close', 0, 10, 'no incident'],
  ['a close of an open incident', 'AAAAAAAAAA', 'close', 0, 10, null],
  ['a close of one that is over', 'AAAnnnnnnn', 'close', 0, 10, null],
  ['maintenance from now', 'nnnnnnnnnn', 'maintenance', 10.001, 10, null],
  ['maintenance until now where none is in force', 'nnnnnnnnnn', 'maintenance', 10, 10, 'past'],
];

for (const [name, pattern, type, untilSecond, atSecond, why] of APPLIED) {
  test(`${name} is ${why === null ? 'carried out' : `refused: ${why}`}`, () => {
    assert.equal(applied(pattern, type, at(untilSecond), at(atSecond)), why);
  });
}

test('a shelf is in force until just before its end', () => {
  const context = story().play('AAAA').context();
  context.state.shelf = { until: context.now + 1, by: 'ana', reason: 'x' };
  assert.equal(inapplicability(context, asked('unshelve', context.now, 0)), null);
  context.state.shelf = { until: context.now, by: 'ana', reason: 'x' };
  assert.equal(inapplicability(context, asked('unshelve', context.now, 0)), 'no shelf');
});

test('maintenance can be ended while it is in force', () => {
  const context = story().play('AAAA').context();
  context.state.maintenance = { until: context.now + 1, by: 'ana', reason: 'x' };
  assert.equal(inapplicability(context, asked('maintenance', context.now, context.now)), null);
  context.state.maintenance = { until: context.now, by: 'ana', reason: 'x' };
  assert.equal(inapplicability(context, asked('maintenance', context.now, context.now)), 'past');
});
