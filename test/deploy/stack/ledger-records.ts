import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { NOTICE, partitionOf } from '../../../aws/dynamodb/key.ts';
import type { Stack } from './deploy-stage.ts';

type Item = Readonly<Record<string, unknown>>;

/** Every item of the ledger's table, as plain values. */
export const ledgerItems = async ({ client: settings, output }: Stack): Promise<readonly Item[]> => {
  const client = new DynamoDBClient(settings);
  const table = { TableName: output('LedgerTableName'), ConsistentRead: true };
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, table)) {
    items.push(...Items.map((item) => unmarshall(item)));
  }
  return items;
};

/** How many notices of a cylinder were ever put down to be told. */
export const noticesOf = async (stack: Stack, cylinder: string): Promise<number> =>
  (await ledgerItems(stack)).filter(
    ({ pk, sk }) => pk === partitionOf({ kind: 'cylinder', name: cylinder }) && String(sk).startsWith(NOTICE),
  ).length;
