import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ROLLUP_MS, type RollupFigures, readRollup, startOfRollup } from '../../domain/cylinder/rollup.ts';
import type { LedgerChange } from '../../usecases/ports/ledger.ts';
import { keyOf, partitionOf, rollupSort } from './key.ts';
import { type LedgerTable, queryAll } from './table.ts';

/** So long a roll-up is kept, s. */
const KEPT_S = 8 * 86_400;

/** The desk never holds up the alarm: a table that does not answer by then, ms, has five minutes fewer to show. */
const PATIENCE_MS = 2000;

/** Keeps the roll-ups of a change, each an item of its own; where that fails it shows later as a gap. Never rejects. */
export const putRollups = async (
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  change: LedgerChange,
): Promise<void> => {
  const rollups = change.kind === 'cylinder' ? (change.rollups ?? []) : [];
  await Promise.allSettled(
    rollups.map((rollup) => {
      const startsAt = startOfRollup(rollup);
      const Item = {
        ...keyOf(change, rollupSort(startsAt)),
        rollup: { S: rollup },
        expiresAt: { N: String(Math.ceil(startsAt / 1000) + KEPT_S) },
      };
      return client.send(new PutItemCommand({ TableName: table, Item }), {
        abortSignal: AbortSignal.timeout(PATIENCE_MS),
      });
    }),
  );
};

/** The roll-ups of a cylinder of which some part lies between two times, ms, the earliest first. */
export const readRollups = async (
  table: Pick<LedgerTable, 'client' | 'table'>,
  cylinder: string,
  from: number,
  to: number,
): Promise<readonly RollupFigures[]> => {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: partitionOf({ kind: 'cylinder', name: cylinder }) },
      ':from': { S: rollupSort(Math.max(0, from - ROLLUP_MS + 1)) },
      ':to': { S: rollupSort(Math.max(0, to)) },
    },
  });
  return items.flatMap(({ rollup }) => readRollup(rollup?.S ?? '') ?? []);
};
