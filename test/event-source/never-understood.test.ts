import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LedgerError } from '../../aws/aws-error.ts';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { deployLine, NO_MISHAPS } from './happen.ts';
import type { Line } from './line.ts';
import { changes, withChanges } from './recorded-changes.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(DEFAULT_POLICY);

/** Calls functions on a new line and says how it ends. */
const call = (act: (line: Line) => Promise<unknown>) =>
  happen({ tape: BLANK, mishaps: NO_MISHAPS, settings: { ingest: 'stream' }, act });

/** A change of the ledger whose item is not as the ledger writes it. */
const broken = (sk: string, image: object) => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: '111',
    Keys: { pk: { S: 'C#c9' }, sk: { S: sk } },
    NewImage: { pk: { S: 'C#c9' }, sk: { S: sk }, ...image },
  },
});

describe('an item that was never understood is parked at once, its neighbours are done, and whoever gives it back hears of it', () => {
  for (const [name, wrong] of [
    ['notify', broken('N#c9@1#1', { notice: { S: '{' } })],
    ['notify', broken('N#c9@1#1', {})],
    ['notify', broken('I#c9@1', { incident: { S: '[]' } })],
    ['twin', broken('TWIN', { twin: { S: '{' }, version: { N: '1' } })],
    ['twin', broken('TWIN', { twin: { S: '{}' } })],
  ] as const) {
    test(`${name}: ${JSON.stringify(wrong.dynamodb.NewImage)}`, async () => {
      const wanted = name === 'notify' ? /^[NI]#/ : /^TWIN$/;
      const event = {
        Records: [wrong, ...changes().filter(({ dynamodb }) => wanted.test(dynamodb.NewImage?.sk?.S ?? ''))],
      };
      const end = await call(async (line) => {
        withChanges(line);
        const answer = await line.run(name, event);
        assert.deepEqual(answer, { batchItemFailures: [] });
        assert.deepEqual(
          line.parked.map((one) => [one.name, one.payload]),
          [[name, { Records: [wrong] }]],
        );
        const again = await line.run(name, { Records: [wrong], redriven: true });
        assert.deepEqual(again, { batchItemFailures: [{ itemIdentifier: '111' }] });
        assert.equal(line.parked.length, 1);
      });
      const done = name === 'notify' ? end.published : end.twins.filter(({ twin }) => twin !== null);
      assert.equal(done.length, 1);
    });
  }
});

test('of a batch of one it is enough that one of its failures would come again', async () => {
  const { failuresOf } = await import('../../aws/lambda/batch-answer.ts');
  const poison = new LedgerError('poison', 'a change that is too large');
  const error = new Error('1 of 1 messages could not be evaluated');
  const kinesis = { kinesis: { sequenceNumber: '7' } };
  assert.deepEqual(failuresOf({ Records: [kinesis] }, error, [{ index: 0, error: poison }]), [
    { index: 0, error: poison },
  ]);
  // Of many, the source has to find out which it is.
  assert.throws(
    () => failuresOf({ Records: [kinesis, kinesis] }, error, [{ index: 0, error: poison }]),
    error,
  );
  const passing = [{ index: 1, error: new LedgerError('throttled', 'no units left') }];
  assert.deepEqual(failuresOf({ Records: [kinesis, kinesis] }, error, passing), passing);
});

test('an item that could be parked nowhere is named to the event source', async () => {
  const wrong = broken('TWIN', { twin: { S: '{' }, version: { N: '1' } });
  await happen({
    tape: BLANK,
    mishaps: ({ service }) => (service === 'sqs' ? 'refused' : 'none'),
    settings: { ingest: 'stream' },
    act: async (line) => {
      const answer = await line.run('twin', { Records: [wrong] });
      assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: '111' }] });
    },
  });
});
