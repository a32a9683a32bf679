import { test } from 'node:test';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { outlastsMisfortune } from '../../aws/dynamodb/misfortune-property.ts';
import { dynamoOutgoingContract } from '../../aws/dynamodb/outgoing-contract.ts';
import { logUnderTest } from '../../aws/dynamodb/under-test.ts';
import { deskContract } from '../../contract/desk/desk-contract.ts';
import { dynamoDeskHome } from '../../contract/desk/dynamo-desk-home.ts';
import { type LedgerUnderTest, ledgerContract } from '../../contract/ledger-contract.ts';
import { notificationLogContract } from '../../contract/notification-log-contract.ts';
import { createLedgerTable } from './ledger-table.ts';
import { unluckyClient } from './unlucky-client.ts';

/** Each run makes a table of its own. */
const RUNS = 15;

/** Opened anew it remembers nothing but what is in the table. */
const underTest = (connect: () => DynamoDBClient, table: string): LedgerUnderTest => {
  const client = connect();
  return {
    // The contract tells times near the epoch, by which it is seen what lies far ahead.
    ledger: createDynamoLedger({ client, table, now: () => 0 }),
    restart: () => {
      client.destroy();
      return Promise.resolve(underTest(connect, table));
    },
    close: () => Promise.resolve(client.destroy()),
  };
};

/** What the adapters for DynamoDB have to keep on a service that speaks its protocol. */
export const dynamoContracts = (name: string, connect: () => DynamoDBClient): void => {
  let opened = 0;
  const freshTable = async (): Promise<string> => {
    opened += 1;
    const client = connect();
    await createLedgerTable(client, `ledger-${opened}`);
    client.destroy();
    return `ledger-${opened}`;
  };

  ledgerContract(name, async () => underTest(connect, await freshTable()), { runs: RUNS });

  notificationLogContract(name, async () => logUnderTest(connect(), await freshTable()));

  dynamoOutgoingContract(name, async () => {
    const table = await freshTable();
    const client = connect();
    return { client, table, close: () => Promise.resolve(client.destroy()) };
  });

  deskContract(name, async () =>
    dynamoDeskHome({ client: connect(), table: await freshTable(), historyTable: await freshTable() }),
  );

  test(`whatever becomes of its requests, exactly what was saved stands on ${name}`, () =>
    outlastsMisfortune(
      async () => {
        const table = await freshTable();
        const { client, meet } = unluckyClient(connect());
        return { client, table, meet, close: () => Promise.resolve(client.destroy()) };
      },
      ['unreached', 'lost'],
      RUNS,
    ));
};
