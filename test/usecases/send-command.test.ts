import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TwinClient } from '../../usecases/ports/twin-client.ts';
import { sendCommand } from '../../usecases/send-command.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The twin of cyl-07, which reports what it is given, one report after the other, whatever is desired. */
const twinsReporting = (...reports: readonly Fields[]) => {
  const desired: Fields[] = [];
  const twins: TwinClient = {
    get: (cylinder) => Promise.resolve(cylinder === 'cyl-07' ? { reported: {}, desired: {}, now: 0 } : null),
    desire: (_, fields, isAnswer) => {
      desired.push(fields);
      const answer = reports.find(isAnswer);
      return answer === undefined
        ? Promise.reject(new Error('no answer within 10 s'))
        : Promise.resolve(answer);
    },
    close: () => Promise.resolve(),
  };
  return { twins, desired };
};

test('a command is desired with its id, and is in force once the twin reports it with that id', async () => {
  const { twins, desired } = twinsReporting(
    {},
    { lastCommands: [{ kind: 'ack', id: 'another', result: 'refused' }] },
    { lastCommands: [{ kind: 'shelve', id: 'a1', result: 'refused' }] },
    {
      lastCommands: [
        { kind: 'ack', id: 'another', result: 'refused' },
        { kind: 'ack', id: 'a1', result: 'in-force' },
      ],
    },
  );
  assert.deepEqual(await sendCommand(twins)('cyl-07', 'ack', 'a1', { by: 'ana' }), { kind: 'in-force' });
  assert.deepEqual(desired, [{ ack: { by: 'ana', id: 'a1' } }]);
});

test('a refusal of the command is an answer in words; that of another one is none', async () => {
  const refused = { kind: 'unshelve', result: 'refused', id: 'a1', words: 'nothing is shelved' };
  const another = { ...refused, id: 'another', words: 'something else' };
  const { twins } = twinsReporting({ lastCommands: [another] }, { lastCommands: [another, refused] });
  const answer = await sendCommand(twins)('cyl-07', 'unshelve', 'a1', { by: 'ana' });
  assert.deepEqual(answer, { kind: 'refused', words: 'nothing is shelved' });
});

test('nothing is desired of a cylinder that there is not', async () => {
  const { twins, desired } = twinsReporting();
  assert.deepEqual(await sendCommand(twins)('cyl-99', 'ack', 'a1', {}), { kind: 'unknown-cylinder' });
  assert.deepEqual(desired, []);
});

test('a twin that does not answer is an error', async () => {
  const { twins } = twinsReporting({});
  await assert.rejects(sendCommand(twins)('cyl-07', 'ack', 'a1', {}), /no answer within 10 s/);
});
