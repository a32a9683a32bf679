import { join } from 'node:path';
import { type DuckDBConnection, LIST, listValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import { inTransaction } from './duckdb-session.ts';
import { firstHour, HOUR_MS, numbers } from './first-hour.ts';
import { rollHour } from './roll-hours.ts';
import { at, between, hoursUntil, rolledUntil, timestamp } from './telemetry-schema.ts';
import { copyToParquet } from './write-parquet.ts';

/** As many rows are deleted in one go: more would hold up the writing beside it. */
const ROWS_AT_ONCE = 1_000_000;

/** Writes an hour as Parquet, whole or not at all; the same again where a kill came between this and the deletion. */
const exportHour = async (connection: DuckDBConnection, hourMs: number, folder: string): Promise<void> => {
  const [day = '', time = ''] = new Date(hourMs).toISOString().split('T');
  await copyToParquet(
    connection,
    `FROM samples WHERE ${between(hourMs, hourMs + HOUR_MS)}`,
    join(folder, `day=${day}`, `samples-${time.slice(0, 2)}.parquet`),
  );
};

/** Whether an hour is rolled up with all that is asked of hours now, and nothing came of it late since. */
const isRolled = async (connection: DuckDBConnection, hourMs: number): Promise<boolean> => {
  const [lacking] = await numbers(
    connection,
    `SELECT (SELECT count(*) FROM late_hours WHERE hour = ${at(hourMs)})
       + (SELECT count(*) FROM rolled_hours WHERE hour = ${at(hourMs)} AND parts IS NULL)`,
  );
  return lacking === 0 && (await hoursUntil(connection)) >= hourMs + HOUR_MS;
};

/** Rolls an hour up for good, also what came of it late: the samples that stay of it say less than it does. */
const rollForGood = (connection: DuckDBConnection, hourMs: number): Promise<void> =>
  inTransaction(connection, async () => {
    if (!(await isRolled(connection, hourMs))) await rollHour(connection, hourMs);
    await connection.run(`DELETE FROM late_hours WHERE hour <= ${at(hourMs)}`);
    await connection.run('DELETE FROM retention');
    await connection.run(`INSERT INTO retention VALUES (${at(hourMs + HOUR_MS)})`);
  });

/** Deletes what is rolled up and not needed; what a kill leaves goes the next time. */
const deleteRolled = async (
  connection: DuckDBConnection,
  needed: ReadonlyMap<string, number>,
): Promise<number> => {
  const until = await rolledUntil(connection);
  const first = await firstHour(connection, -Infinity, until);
  if (first === null) return 0;
  const [rows = 0] = await numbers(connection, `SELECT count(*) FROM samples WHERE t < ${at(until)}`);
  const slices = Math.max(1, Math.ceil(rows / ROWS_AT_ONCE));
  let deleted = 0;
  for (let slice = 1; slice <= slices; slice += 1) {
    const to = first + Math.ceil(((until - first) * slice) / slices);
    const result = await connection.run(
      `DELETE FROM samples WHERE t < ${at(to)} AND NOT EXISTS (
         FROM (SELECT unnest($1) AS name, unnest($2) AS since) WHERE name = cylinder AND t >= since)`,
      [listValue([...needed.keys()]), listValue([...needed.values()].map(timestamp))],
      [LIST(VARCHAR), LIST(TIMESTAMP)],
    );
    deleted += result.rowsChanged;
  }
  return deleted;
};

/**
 * Drops an hour of which nothing comes any more: exported where a folder is given, rolled up for good in one transaction,
 * and deleted but for what is needed. A kill at any moment leaves all of the hour, or its roll-up with what is yet to be
 * deleted. Resolves with how many rows were deleted.
 */
export const dropHour = async (
  connection: DuckDBConnection,
  hourMs: number,
  needed: ReadonlyMap<string, number>,
  exportTo: string | null,
): Promise<number> => {
  if (exportTo !== null) await exportHour(connection, hourMs, exportTo);
  await rollForGood(connection, hourMs);
  return await deleteRolled(connection, needed);
};
