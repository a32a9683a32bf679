import { ledgerContract } from '../../contract/ledger-contract.ts';
import { notificationLogContract } from '../../contract/notification-log-contract.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { dynamoOutgoingContract } from './outgoing-contract.ts';
import { dynamoUnderTest, logUnderTest } from './under-test.ts';

ledgerContract('the adapter for DynamoDB', () => Promise.resolve(dynamoUnderTest()), { runs: 40 });

notificationLogContract('the adapter for DynamoDB', () =>
  Promise.resolve(logUnderTest(memoryDynamo().client, 'ledger')),
);

dynamoOutgoingContract('a table in memory', () =>
  Promise.resolve({ client: memoryDynamo().client, table: 'ledger', close: () => Promise.resolve() }),
);
