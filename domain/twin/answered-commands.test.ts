import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOn } from '../cylinder/command-verdict.ts';
import { answeredCommands } from './answered-commands.ts';

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
