import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { partitionOf } from '../../../functions/adapters/dynamo-key.ts';
import { createDynamoNoticeBox } from '../../../functions/adapters/dynamo-notice-box.ts';
import { ledgerContract } from '../../contract/ledger-contract.ts';
import { noticeBoxContract } from '../../contract/notice-box-contract.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { dynamoOutgoingContract } from './dynamo-outgoing-contract.ts';
import { dynamoUnderTest } from './dynamo-under-test.ts';

ledgerContract('the adapter for DynamoDB', () => Promise.resolve(dynamoUnderTest()), { runs: 40 });

noticeBoxContract('the adapter for DynamoDB', () => {
  const { client } = memoryDynamo();
  return Promise.resolve({
    box: createDynamoNoticeBox({ client, table: 'ledger', leaseMs: 60_000 }),
    leaseMs: 60_000,
    put: async (subject, noticeId) => {
      const Item = {
        pk: { S: partitionOf(subject) },
        sk: { S: `N#${noticeId}` },
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
