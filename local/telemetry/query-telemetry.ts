import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBPendingResultState,
  type Json,
  StatementType,
} from '@duckdb/node-api';
import * as v from 'valibot';
import { LocalError } from '../run/local-error.ts';
import { inTurn } from './duckdb-session.ts';
import type { DuckDbTelemetry } from './duckdb-telemetry.ts';
import { loadLedgerTables } from './ledger-tables.ts';
import { supplement } from './older-store.ts';
import { duckDbError, isFatal } from './open-duckdb.ts';
import { paced } from './paced.ts';

/** A row as JSON values by column name: BIGINT as text, TIMESTAMP as `YYYY-MM-DD HH:MM:SS` in UTC. */
export type QueryRow = Readonly<Record<string, Json>>;

const question = v.object({
  sql: v.string(),
  timeoutMs: v.pipe(v.number(), v.minValue(1), v.maxValue(3_600_000)),
});

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

const queryFailed = (error: unknown): LocalError => new LocalError('QueryFailed', firstLine(error), error);

const isEmpty = (sql: string): boolean => /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/.test(sql);

/** Refuses no statement, and more than one: of several the last alone would be answered. */
const refuseSeveral = async (connection: DuckDBConnection, sql: string): Promise<void> => {
  // Of a text without a statement DuckDB's client says no more than that something was wrong.
  if (isEmpty(sql)) throw new Error('there is no statement in that');
  const { count } = await connection.extractStatements(sql);
  if (count !== 1) throw new Error(`one statement is answered at a time, and these are ${count}`);
};

/** The rows of one statement that changes nothing, some at a time, at a pace that leaves the rest of the process its own. */
async function* readRows(
  connection: DuckDBConnection,
  sql: string,
): AsyncGenerator<readonly QueryRow[], void> {
  await refuseSeveral(connection, sql);
  await connection.run('BEGIN TRANSACTION READ ONLY');
  const statement = await connection.prepare(sql);
  // In such a transaction files can still be written to, and settings changed.
  if (statement.statementType !== StatementType.SELECT)
    throw new Error('only a SELECT can be asked while the pipeline runs');
  const step = paced();
  // A task takes milliseconds, in this thread: on one of its own the answer would be found at the pipeline's expense.
  const pending = statement.startStream();
  while ((await step(() => pending.runTask())) !== DuckDBPendingResultState.RESULT_READY);
  const rows = (await pending.getResult()).yieldRowObjectJson();
  for (let next = await step(() => rows.next()); next.done !== true; next = await step(() => rows.next()))
    yield next.value;
}

/** Hands values over, one at a time: whoever gives one waits until the next is asked for, or until it failed. */
const handOver = <T>() => {
  const fresh = () => {
    const [offered, taken] = [Promise.withResolvers<T | null>(), Promise.withResolvers<void>()];
    // Whether anybody waits or not: a failure is theirs who do.
    for (const { promise } of [offered, taken]) promise.catch(() => undefined);
    return { offered, taken };
  };
  let turn = fresh();
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure ??= error;
    turn.offered.reject(failure);
    turn.taken.reject(failure);
  };
  return {
    give: (value: T): Promise<void> => {
      turn.offered.resolve(value);
      return turn.taken.promise;
    },
    end: (): void => turn.offered.resolve(null),
    fail,
    async *values(): AsyncGenerator<T, void> {
      try {
        for (let value = await turn.offered.promise; value !== null; value = await turn.offered.promise) {
          yield value;
          if (failure !== null) throw failure;
          const { taken } = turn;
          turn = fresh();
          taken.resolve();
        }
      } finally {
        fail(new Error('nobody asks for more'));
      }
    },
  };
};

const answer = async (
  connection: DuckDBConnection,
  { sql, timeoutMs }: v.InferOutput<typeof question>,
  { give, end, fail }: ReturnType<typeof handOver<readonly QueryRow[]>>,
  { ledger, signal }: Readonly<{ ledger: DatabaseSync | null; signal: AbortSignal | undefined }>,
): Promise<void> => {
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => {
    const seconds = timeoutMs / 1000;
    fail(
      new LocalError(
        'TimedOut',
        `no answer within ${seconds} s: ask for fewer cylinders or a shorter time, or wait for longer with --timeout`,
      ),
    );
    connection.interrupt();
  }, timeoutMs);
  try {
    signal?.throwIfAborted();
    if (ledger !== null) await loadLedgerTables(connection, ledger, sql);
    for await (const rows of readRows(connection, sql)) {
      await give(rows);
    }
    end();
  } catch (error) {
    fail(queryFailed(error));
    if (isFatal(error)) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
  }
};

/**
 * Answers questions beside a pipeline that runs, one at a time: without being able to change anything, and for no longer
 * than was asked for. With the ledger its tables can be asked too. A question that DuckDB refuses, or that takes too long,
 * throws one line; one that nobody waits for any more ends.
 */
export const answerQuestions = (
  { beside }: Pick<DuckDbTelemetry, 'beside'>,
  ledger: DatabaseSync | null = null,
) => {
  const one = inTurn();
  return async function* (what: unknown, signal?: AbortSignal): AsyncGenerator<readonly QueryRow[], void> {
    const asked = v.parse(question, what);
    const rows = handOver<readonly QueryRow[]>();
    signal?.addEventListener('abort', () => rows.fail(new Error('nobody waits for the answer')), {
      once: true,
    });
    one(() => beside((connection) => answer(connection, asked, rows, { ledger, signal }))).catch(rows.fail);
    yield* rows.values();
  };
};

/**
 * Asks a telemetry store that no pipeline has open, and the ledger beside it where one is given, without being able to
 * change either; rows come as they are found. Throws one line that says what to do.
 */
export async function* queryTelemetry(
  path: string,
  sql: string,
  ledger: DatabaseSync | null = null,
  signal?: AbortSignal,
): AsyncGenerator<QueryRow, void> {
  if (!existsSync(path))
    throw new LocalError(
      'NoStore',
      `there is no telemetry store at ${path}: name the data folder with --data`,
    );
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' }).catch((error: unknown) => {
    throw duckDbError(path, error);
  });
  const connection = await instance.connect();
  signal?.addEventListener('abort', () => connection.interrupt(), { once: true });
  try {
    await refuseSeveral(connection, sql);
    await supplement(connection);
    if (ledger !== null) await loadLedgerTables(connection, ledger, sql);
    const result = await connection.stream(sql);
    for await (const rows of result.yieldRowObjectJson()) yield* rows;
  } catch (error) {
    throw queryFailed(error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
