import { existsSync } from 'node:fs';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { LocalError } from '../run/local-error.ts';
import { duckDbError } from './duckdb-error.ts';

/** A row as JSON values by column name: BIGINT as text, TIMESTAMP as `YYYY-MM-DD HH:MM:SS` in UTC. */
export type QueryRow = Readonly<Record<string, Json>>;

/**
 * Asks a telemetry store that no pipeline has open, without being able to change it; rows come as they are found.
 * Throws one line that says what to do.
 */
export async function* queryTelemetry(path: string, sql: string): AsyncGenerator<QueryRow, void> {
  if (!existsSync(path))
    throw new LocalError(
      'NoStore',
      `there is no telemetry store at ${path}: name the data folder with --data`,
    );
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' }).catch((error: unknown) => {
    throw duckDbError(path, error);
  });
  const connection = await instance.connect();
  try {
    const result = await connection.stream(sql);
    for await (const rows of result.yieldRowObjectJson()) yield* rows;
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw new LocalError('QueryFailed', line ?? '', error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
