import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { deskContract } from './desk-contract.ts';
import { dynamoDeskHome } from './dynamo-desk-home.ts';

deskContract('tables of DynamoDB', () =>
  Promise.resolve(
    dynamoDeskHome({ client: memoryDynamo().client, table: 'ledger', historyTable: 'history' }),
  ),
);
