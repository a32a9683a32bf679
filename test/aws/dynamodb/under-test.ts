import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import type { LedgerUnderTest } from '../../contract/ledger-contract.ts';
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
