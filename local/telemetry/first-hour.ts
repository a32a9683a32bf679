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
  const first = async (until: number): Promise<number> => {
    const from = fromMs === -Infinity ? '' : `t >= ${at(fromMs)} AND`;
    const [ms = Number.NaN] = await numbers(
      connection,
      `SELECT epoch_ms(min(t)) FROM samples WHERE ${from} t < ${at(until)}`,
    );
    return ms;
  };
  // Mostly it is the next one: a look at all that follows would read every sample since.
  const near = fromMs === -Infinity ? Number.NaN : await first(Math.min(toMs, fromMs + HOUR_MS));
  const found = Number.isNaN(near) ? await first(toMs) : near;
  return Number.isNaN(found) ? null : hourOf(found);
};
