import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf, noticeSort } from '../../../aws/dynamodb/key.ts';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { createDynamoNotificationLog } from '../../../aws/dynamodb/notification-log.ts';
import type { LedgerUnderTest } from '../../contract/ledger-contract.ts';
import type { NotificationLogUnderTest } from '../../contract/notification-log-contract.ts';
import { type MemoryDynamo, memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';

/** The ledger on a table in memory, which waits for nothing. */
export const ledgerOn = ({ client }: MemoryDynamo) =>
  createDynamoLedger({ client, table: 'ledger', now: () => 0, pause: () => Promise.resolve() });

/** The ledger as its contract wants it: opened anew it remembers nothing but what is in the table. */
export const dynamoUnderTest = (dynamo: MemoryDynamo = memoryDynamo()): LedgerUnderTest => ({
  ledger: ledgerOn(dynamo),
  restart: () => Promise.resolve(dynamoUnderTest(dynamo)),
  close: () => Promise.resolve(),
});

/** The notification log as its contract wants it, in any table that is there. */
export const logUnderTest = (client: DynamoDBClient, table: string): NotificationLogUnderTest => ({
  log: createDynamoNotificationLog({ client, table, leaseMs: 60_000 }),
  leaseMs: 60_000,
  put: async (subject, noticeId) => {
    const Item = {
      ...keyOf(subject, noticeSort(noticeId)),
      notice: { S: '{}' },
      createdAt: { N: '1763800600000' },
    };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  },
  close: () => Promise.resolve(client.destroy()),
});
