import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { inTransaction } from './duckdb-session.ts';
import type { DuckDbTelemetry } from './duckdb-telemetry.ts';
import { firstHour, HOUR_MS, hourOf, numbers } from './first-hour.ts';
import { insertHours } from './hour-rollup.ts';
import { at, between, hoursUntil, setHoursUntil } from './telemetry-schema.ts';

export type RollPorts = Readonly<{
  telemetry: Pick<DuckDbTelemetry, 'keep' | 'noteLateBefore'>;
  /** The time of the newest sample, ms, but never one that is yet to come. */
  newestMs: () => Promise<number | null>;
  /** Waits between two hours, of which the last took so long, ms; false where it is to end. */
  rest: (tookMs: number) => Promise<boolean>;
}>;

/** An hour is rolled up so long after its end: what comes within a quarter of an hour is not late yet. */
const SETTLED_MS = 15 * 60_000;
/** So many samples are rolled up at a time: what is looked at of each has to lie in memory. */
const ROWS_AT_ONCE = 2_000_000;

/** Puts the roll-ups of samples of which a condition holds in the place of those of the same hours. */
const rollSamples = async (connection: DuckDBConnection, condition: string): Promise<void> => {
  const [rows = 0] = await numbers(connection, `SELECT count(*) FROM samples WHERE ${condition}`);
  const slices = Math.max(1, Math.ceil(rows / ROWS_AT_ONCE));
  for (let slice = 0; slice < slices; slice += 1)
    await connection.run(
      insertHours(slices === 1 ? condition : `${condition} AND hash(cylinder) % ${slices} = ${slice}`),
    );
};

/**
 * Rolls up an hour within the transaction that is open, in place of what is rolled up of it. Afterwards all hours up to its
 * end are rolled up, as far as samples of them were stored when the transaction began.
 */
export const rollHour = async (connection: DuckDBConnection, hourMs: number): Promise<void> => {
  await connection.run(`DELETE FROM rolled_hours WHERE hour = ${at(hourMs)}`);
  await rollSamples(connection, between(hourMs, hourMs + HOUR_MS));
  await setHoursUntil(connection, hourMs + HOUR_MS);
};

/** Rolls up anew the hours of which samples came late, as far as they were noted before `noted`. */
const rollLate = async (connection: DuckDBConnection, hourMs: number, noted: number): Promise<void> => {
  const late = await connection.runAndReadAll(
    `SELECT DISTINCT cylinder FROM late_hours WHERE hour = ${at(hourMs)} AND noted < ${noted}`,
  );
  const names = [listValue(late.getRows().map(([name]) => String(name)))];
  const theirs = 'cylinder IN (SELECT unnest($1))';
  const run = (sql: string) => connection.run(sql, names, [LIST(VARCHAR)]);
  await run(`DELETE FROM rolled_hours WHERE hour = ${at(hourMs)} AND ${theirs}`);
  await run(insertHours(`${between(hourMs, hourMs + HOUR_MS)} AND ${theirs}`));
  await connection.run(`DELETE FROM late_hours WHERE hour = ${at(hourMs)} AND noted < ${noted}`);
};

const lateHours = (connection: DuckDBConnection, noted: number): Promise<readonly number[]> =>
  connection
    .runAndReadAll(
      `SELECT DISTINCT epoch_ms(hour) AS ms FROM late_hours
       WHERE noted < ${noted} AND hour < (SELECT max(t) FROM hours_until) ORDER BY 1`,
    )
    .then((result) => result.getRows().map(([ms]) => Number(ms)));

/** The hours that an earlier version rolled up, without all that is asked of hours now, as far as their samples are there. */
const plainHours = (connection: DuckDBConnection): Promise<readonly number[]> =>
  connection
    .runAndReadAll(
      `SELECT DISTINCT epoch_ms(hour) AS ms FROM rolled_hours
       WHERE parts IS NULL AND (hour >= (SELECT max(rolled_until) FROM retention)) IS NOT FALSE ORDER BY 1`,
    )
    .then((result) => result.getRows().map(([ms]) => Number(ms)));

/**
 * Rolls up the hours that are over, one at a time and the oldest first, and anew those of which samples came late. What a
 * kill leaves undone is done the next time: until then questions read the samples of these hours.
 */
export const createHourRoller = ({ telemetry, newestMs, rest }: RollPorts) => {
  const roll = async (work: (connection: DuckDBConnection) => Promise<void>): Promise<boolean> => {
    const startMs = performance.now();
    await telemetry.keep((connection) => inTransaction(connection, () => work(connection)));
    return await rest(performance.now() - startMs);
  };

  return {
    async round(): Promise<void> {
      const newest = await newestMs();
      if (newest === null) return;
      const untilMs = hourOf(newest - SETTLED_MS);
      const noted = await telemetry.noteLateBefore(untilMs);
      for (const hourMs of await telemetry.keep((connection) => lateHours(connection, noted)))
        if (!(await roll((connection) => rollLate(connection, hourMs, noted)))) return;
      let sinceMs = await telemetry.keep(hoursUntil);
      for (;;) {
        const from = sinceMs;
        const hourMs = await telemetry.keep((connection) => firstHour(connection, from, untilMs));
        if (hourMs === null) break;
        if (!(await roll((connection) => rollHour(connection, hourMs)))) return;
        sinceMs = hourMs + HOUR_MS;
      }
      for (const hourMs of await telemetry.keep(plainHours))
        if (!(await roll((connection) => rollHour(connection, hourMs)))) return;
    },
  };
};
