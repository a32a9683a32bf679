import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOn } from '../cylinder/command-verdict.ts';
import { answeredCommands, readDesired } from './desired.ts';

test('commands are read under their names, whatever the order', () => {
  const desired = { close: { by: 'ana', outcome: 'sensor' }, ack: { by: 'ana' } };
  assert.deepEqual(readDesired(desired), {
    commands: [
      { type: 'ack', by: 'ana' },
      { type: 'close', by: 'ana', outcome: 'sensor' },
    ],
    policy: undefined,
  });
});

test('the name of a command stands over a type within it', () => {
  assert.deepEqual(readDesired({ ack: { type: 'close', by: 'ana' } }).commands, [{ type: 'ack', by: 'ana' }]);
});

test('a command that is no object lacks all it needs, null is none, and other keys are left alone', () => {
  const desired = {
    ack: null,
    shelve: 'x',
    unshelve: [],
    maintenance: 5,
    close: true,
    colour: { by: 'ana' },
  };
  const commands = ['shelve', 'unshelve', 'maintenance', 'close'].map((type) => ({ type }));
  assert.deepEqual(readDesired(desired), { commands, policy: undefined });
});

test('overrides of the policy are an object, taken back by null, and anything else is none', () => {
  assert.deepEqual(readDesired({ policy: { threshold: 0.7 } }).policy, { threshold: 0.7 });
  assert.equal(readDesired({ policy: null }).policy, null);
  for (const policy of [undefined, 3, 'x', [], true]) assert.equal(readDesired({ policy }).policy, undefined);
});

const ack = { by: 'ana' };
const answered = verdictOn({ ...ack, type: 'ack' }, 5000, { result: 'in-force', incident: null });
const twin = { lastCommands: [answered] };

test('a command is cleared when it is answered: no other, not the policy', () => {
  assert.deepEqual(answeredCommands(twin, { ack, close: ack, policy: ack }, {}), ['ack']);
  assert.deepEqual(answeredCommands(twin, {}, {}), []);
  assert.deepEqual(answeredCommands({}, { ack }, {}), []);
});

test('a command that asks for the same, but was set after the answer, is not', () => {
  const metadata = (s: number) => ({ ack: { by: { timestamp: s } }, close: { by: { timestamp: 99 } } });
  assert.deepEqual(answeredCommands(twin, { ack }, metadata(5)), ['ack']);
  assert.deepEqual(answeredCommands(twin, { ack }, metadata(6)), []);
});
