import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf, noticeSort } from '../../../aws/dynamodb/key.ts';
import { createDynamoNotificationLog } from '../../../aws/dynamodb/notification-log.ts';
import { ledgerContract } from '../../contract/ledger-contract.ts';
import { notificationLogContract } from '../../contract/notification-log-contract.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { dynamoOutgoingContract } from './outgoing-contract.ts';
import { dynamoUnderTest } from './under-test.ts';

ledgerContract('the adapter for DynamoDB', () => Promise.resolve(dynamoUnderTest()), { runs: 40 });

notificationLogContract('the adapter for DynamoDB', () => {
  const { client } = memoryDynamo();
  return Promise.resolve({
    log: createDynamoNotificationLog({ client, table: 'ledger', leaseMs: 60_000 }),
    leaseMs: 60_000,
    put: async (subject, noticeId) => {
      const Item = {
        ...keyOf(subject, noticeSort(noticeId)),
        notice: { S: '{}' },
        createdAt: { N: '1763800600000' },
      };
      await client.send(new PutItemCommand({ TableName: 'ledger', Item }));
    },
    close: () => Promise.resolve(),
  });
});

dynamoOutgoingContract('a table in memory', () =>
  Promise.resolve({ client: memoryDynamo().client, table: 'ledger', close: () => Promise.resolve() }),
);
