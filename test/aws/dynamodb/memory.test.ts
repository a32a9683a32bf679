import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { ledgerOn } from './under-test.ts';

const item = (pk: string, more: Readonly<Record<string, { S: string } | { N: string }>> = {}) => ({
  pk: { S: pk },
  sk: { S: 'STATE' },
  ...more,
});

const put = (pk: string, more?: Parameters<typeof item>[1]) =>
  new PutItemCommand({ TableName: 'ledger', Item: item(pk, more) });

test('the stream in memory has a record for every write that changed something, with both images', async () => {
  const { client, stream, expire } = memoryDynamo({ now: () => 5000 });
  for (const command of [put('a'), put('a'), put('a', { expiresAt: { N: '7' } }), put('b')]) {
    await client.send(command);
  }
  expire(7000);
  const records = stream();
  assert.deepEqual(
    records.map(({ eventName, dynamodb }) => [
      eventName,
      dynamodb?.Keys?.pk?.S,
      dynamodb?.OldImage,
      dynamodb?.NewImage,
    ]),
    [
      ['INSERT', 'a', undefined, item('a')],
      ['MODIFY', 'a', item('a'), item('a', { expiresAt: { N: '7' } })],
      ['INSERT', 'b', undefined, item('b')],
      ['REMOVE', 'a', item('a', { expiresAt: { N: '7' } }), undefined],
    ],
  );
  const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
  assert.deepEqual(numbers, [...new Set(numbers)].toSorted());
  assert.deepEqual(stream(), []);
});

test('what DynamoDB refuses is refused in memory too', async () => {
  const { client } = memoryDynamo();
  const twice = { Put: { TableName: 'ledger', Item: item('a') } };
  const refused = [
    put('a', { gateway: { S: '' } }),
    put(''),
    put('a', { text: { S: 'x'.repeat(500_000) } }),
    new TransactWriteItemsCommand({ TransactItems: [twice, twice] }),
  ];
  for (const command of refused) {
    await assert.rejects(command instanceof PutItemCommand ? client.send(command) : client.send(command), {
      name: 'ValidationException',
    });
  }
  const more = { ClientRequestToken: 'one', TransactItems: [twice] };
  await client.send(new TransactWriteItemsCommand(more));
  const other = { Put: { TableName: 'ledger', Item: item('b') } };
  await assert.rejects(client.send(new TransactWriteItemsCommand({ ...more, TransactItems: [other] })), {
    name: 'IdempotentParameterMismatchException',
  });
  const unknown = { ConditionExpression: 'size(pk) > :x', UpdateExpression: 'SET a = :x' };
  await assert.rejects(
    client.send(new UpdateItemCommand({ TableName: 'ledger', Key: item('a'), ...unknown })),
    /cannot read "size\(pk\) > :x"/,
  );
});

test('a state that the ledger did not write is named', async () => {
  const dynamo = memoryDynamo();
  await dynamo.client.send(put('C#a'));
  await assert.rejects(ledgerOn(dynamo).cylinders(['a']), /LedgerError: C#a holds no record with a version/);
});
