import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cylinderChange, twin } from '../../contract/opaque-records.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { raised } from './changes.ts';
import { ledgerOn } from './under-test.ts';

/** A ledger, and the requests that it makes. */
const observed = () => {
  const dynamo = memoryDynamo();
  const requests: string[] = [];
  dynamo.fail((operation, request) => {
    requests.push(`${operation} ${request}`);
    return null;
  });
  return { ledger: ledgerOn(dynamo), requests };
};

test('records are read as they are now, a hundred at a time, each once', async () => {
  const { ledger, requests } = observed();
  await ledger.cylinders([...Array.from({ length: 201 }, (_, index) => `cyl-${index}`), 'cyl-0']);
  assert.equal(requests.length, 3);
  for (const request of requests) assert.match(request, /^BatchGetItem .*"ConsistentRead":true/);
  await ledger.cylinders([]);
  assert.equal(requests.length, 3);
});

test('a change with which nothing goes out is a plain write, which costs half of a transaction', async () => {
  const { ledger, requests } = observed();
  await ledger.save([
    cylinderChange({ name: 'a' }),
    cylinderChange({ name: 'b', notices: [raised('n')] }),
    cylinderChange({ name: 'c', twin: twin('t') }),
  ]);
  assert.deepEqual(requests.map((request) => request.split(' ')[0]).toSorted(), [
    'PutItem',
    'TransactWriteItems',
    'TransactWriteItems',
  ]);
});
