import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPoison, LedgerError } from '../../../aws/aws-error.ts';
import { failuresOf } from '../../../aws/lambda/batch-answer.ts';
import { RecordError } from '../../../usecases/ledger/record-codec.ts';

const batchOf = (count: number) => ({
  Records: Array.from({ length: count }, (_, index) => ({ kinesis: { sequenceNumber: String(index) } })),
});

const whole = new Error('of the batch');
const throttled = { index: 1, error: new LedgerError('throttled', 'no units') };
const poison = { index: 0, error: new LedgerError('poison', 'too large') };

test('records that may be taken another time come again, they alone', () => {
  assert.deepEqual(failuresOf(batchOf(3), whole, [throttled]), [throttled]);
});

test('where one would fail however often it came, the batch is halved, until it is the only one and is parked', () => {
  assert.throws(() => failuresOf(batchOf(3), whole, [poison, throttled]), whole);
  assert.deepEqual(failuresOf(batchOf(1), poison.error), [poison]);
});

test('a damaged record of the ledger parks what would need it, and one of a newer program does not', () => {
  const damaged = { index: 0, error: new RecordError('UnreadableRecord', 'the record of cylinder x') };
  const newer = { index: 0, error: new RecordError('NewerRecord', 'the record of cylinder x') };
  assert.throws(() => failuresOf(batchOf(2), whole, [damaged, throttled]), whole);
  assert.deepEqual(failuresOf(batchOf(1), whole, [damaged]), [damaged]);
  assert.ok(isPoison(damaged.error));
  assert.deepEqual(failuresOf(batchOf(2), whole, [newer, throttled]), [newer, throttled]);
  assert.ok(!isPoison(newer.error));
});

test('a call of a single message fails as such, and so does a batch of which nothing more is known', () => {
  assert.throws(() => failuresOf({ body: '', topic: '', receivedAt: 0 }, whole, [throttled]), whole);
  assert.throws(() => failuresOf(batchOf(3), whole), whole);
});
