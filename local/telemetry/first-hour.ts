import type { DuckDBConnection } from '@duckdb/node-api';
import { at } from './telemetry-schema.ts';

export const HOUR_MS = 3_600_000;

/** The start of the hour that a time lies in. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** The first row of an answer as numbers; NaN for what is NULL. */
export const numbers = async (connection: DuckDBConnection, sql: string): Promise<readonly number[]> =>
  ((await connection.runAndReadAll(sql)).getRows()[0] ?? []).map((value) => Number(value ?? Number.NaN));

/** The first hour of which samples are stored between two times, or null. */
export const firstHour = async (
  connection: DuckDBConnection,
  fromMs: number,
  toMs: number,
): Promise<number | null> => {
  const from = fromMs === -Infinity ? '' : `t >= ${at(fromMs)} AND`;
  const [first = Number.NaN] = await numbers(
    connection,
    `SELECT epoch_ms(min(t)) FROM samples WHERE ${from} t < ${at(toMs)}`,
  );
  return Number.isNaN(first) ? null : hourOf(first);
};
