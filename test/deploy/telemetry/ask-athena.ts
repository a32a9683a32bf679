import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { LakeRow } from '../../aws/firehose/lake-reading.ts';

type Question = Readonly<{ client: AthenaClient; database: string; workgroup: string }>;

const NUMBERS = new Set(['bigint', 'integer', 'double', 'float', 'decimal']);

/** Athena answers in text alone, an array as `[1.0, 2.0]`. */
const cellOf = (text: string | undefined, type: string | undefined): unknown => {
  if (text === undefined) return null;
  if (type !== undefined && NUMBERS.has(type)) return Number(text);
  return type === 'array' || /^\[.*\]$/s.test(text) ? JSON.parse(text) : text;
};

const finished = async (client: AthenaClient, id: string): Promise<void> => {
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`Athena: ${StateChangeReason}`);
    await sleep(50);
  }
};

/** Asks Athena in SQL; gives rows by column name. */
export const askAthena = async (
  { client, database, workgroup }: Question,
  sql: string,
): Promise<readonly LakeRow[]> => {
  const { QueryExecutionId: id = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
    }),
  );
  await finished(client, id);
  const rows: LakeRow[] = [];
  let isHeading = true;
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
    const columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    for (const { Data = [] } of ResultSet?.Rows ?? []) {
      if (!isHeading) {
        const cells = columns.map(({ Name = '', Type }, index) => [
          Name,
          cellOf(Data[index]?.VarCharValue, Type),
        ]);
        rows.push(Object.fromEntries(cells));
      }
      isHeading = false;
    }
  }
  return rows;
};
