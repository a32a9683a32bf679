import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { AwsError, explainAwsError } from '../aws-error.ts';
import { storedTime } from '../telemetry/stored-time.ts';

/** Where the lake is asked. */
export type AthenaPlace = Readonly<{ database: string; workgroup: string }>;

type Question = AthenaPlace &
  Readonly<{
    client: AthenaClient;
    /** Stops the query, on Athena too. */
    signal?: AbortSignal;
    /** A query that has read more is stopped, bytes. */
    maxScan?: number;
    /** Is told how much was read so far, bytes. */
    onScanned?: (bytes: number) => void;
  }>;

type AthenaRow = Readonly<Record<string, unknown>>;

const NUMBERS = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'double', 'float', 'decimal']);
const POLL_MS = 300;

/** Athena answers in text alone, an array as `[1.0, 2.0]`. https://docs.aws.amazon.com/athena/latest/APIReference/API_Datum.html */
const cellOf = (text: string | undefined, type: string | undefined): unknown => {
  if (text === undefined) return null;
  if (type !== undefined && NUMBERS.has(type)) return Number(text);
  if (type === 'timestamp') return storedTime(text);
  return /^\[[-0-9., e]*\]$/i.test(text) ? JSON.parse(text) : text;
};

const finished = async ({ client, signal, maxScan, onScanned }: Question, id: string): Promise<void> => {
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    const scanned = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    onScanned?.(scanned);
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new AwsError('poison', `Athena: ${StateChangeReason ?? State.toLowerCase()}`);
    signal?.throwIfAborted();
    if (maxScan !== undefined && scanned > maxScan)
      throw new AwsError('poison', `the query was stopped: it had read ${scanned} bytes, more than allowed`);
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
};

/** Asks the lake through Athena one statement; rows by column name. A query that ends early here is stopped there too. */
export async function* askAthena(question: Question, sql: string): AsyncGenerator<AthenaRow, void> {
  const { client, database, workgroup } = question;
  let id: string | undefined;
  let isOver = false;
  try {
    const started = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
      }),
    );
    id = started.QueryExecutionId ?? '';
    await finished(question, id);
    isOver = true;
    let isHeading = true;
    for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
      const columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      for (const { Data = [] } of ResultSet?.Rows ?? []) {
        if (!isHeading)
          yield Object.fromEntries(
            columns.map(
              ({ Name = '', Type }, index) => [Name, cellOf(Data[index]?.VarCharValue, Type)] as const,
            ),
          );
        isHeading = false;
      }
    }
  } catch (error) {
    throw error instanceof AwsError ? error : explainAwsError('Athena could not be asked', error);
  } finally {
    if (id !== undefined && !isOver)
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
  }
}
