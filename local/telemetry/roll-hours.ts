import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { inTransaction } from './duckdb-session.ts';
import type { DuckDbTelemetry } from './duckdb-telemetry.ts';
import { firstHour, HOUR_MS, hourOf, numbers } from './first-hour.ts';
import { insertHours } from './hour-rollup.ts';
import { at, between, hoursUntil, rolledUntil, setHoursUntil } from './telemetry-schema.ts';

export type RollPorts = Readonly<{
  telemetry: Pick<DuckDbTelemetry, 'keep' | 'noteLateBefore'>;
  /** The time of the newest sample, ms, but never one that is yet to come. */
  newestMs: () => Promise<number | null>;
  /** Waits between two pieces of work, of which the last took so long, ms; false where it is to end. */
  rest: (tookMs: number) => Promise<boolean>;
  /** An hour with more samples is rolled up in slices. */
  rowsAtOnce?: number;
}>;

/** An hour is rolled up so long after its end: what comes within a quarter of an hour is not late yet. */
const SETTLED_MS = 15 * 60_000;
/** So many samples are rolled up at a time: what is looked at of each has to lie in memory. */
const ROWS_AT_ONCE = 2_000_000;

/** Into how many slices the samples of an hour are divided, by cylinder. */
const slicesOf = async (
  connection: DuckDBConnection,
  hourMs: number,
  rowsAtOnce: number,
): Promise<readonly string[]> => {
  const hour = between(hourMs, hourMs + HOUR_MS);
  const [rows = 0] = await numbers(connection, `SELECT count(*) FROM samples WHERE ${hour}`);
  const slices = Math.ceil(rows / rowsAtOnce);
  return slices <= 1
    ? [hour]
    : Array.from({ length: slices }, (_, slice) => `${hour} AND hash(cylinder) % ${slices} = ${slice}`);
};

/** Does what puts the rows of an hour in place; afterwards all hours up to its end are rolled up. */
const replaceHour = async (
  connection: DuckDBConnection,
  hourMs: number,
  inserts: readonly string[],
): Promise<void> => {
  await connection.run(`DELETE FROM rolled_hours WHERE hour = ${at(hourMs)}`);
  for (const insert of inserts) await connection.run(insert);
  await setHoursUntil(connection, hourMs + HOUR_MS);
};

/**
 * Rolls up an hour within the transaction that is open, in place of what is rolled up of it. Afterwards all hours up to its
 * end are rolled up, as far as samples of them were stored when the transaction began.
 */
export const rollHour = async (connection: DuckDBConnection, hourMs: number): Promise<void> => {
  const slices = await slicesOf(connection, hourMs, ROWS_AT_ONCE);
  await replaceHour(
    connection,
    hourMs,
    slices.map((slice) => insertHours(slice)),
  );
};

/** Where the slices of an hour gather, until all are there. */
const SLICES = 'temp.rolled_slices';

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
export const createHourRoller = ({ telemetry, newestMs, rest, rowsAtOnce = ROWS_AT_ONCE }: RollPorts) => {
  const roll = async (work: (connection: DuckDBConnection) => Promise<unknown>): Promise<boolean> => {
    const startMs = performance.now();
    await telemetry.keep(work);
    return await rest(performance.now() - startMs);
  };
  const rollAtOnce = (work: (connection: DuckDBConnection) => Promise<void>): Promise<boolean> =>
    roll((connection) => inTransaction(connection, () => work(connection)));

  /**
   * Rolls up an hour with many samples slice by slice, with a rest after each. No transaction spans them: the log of writes
   * could not be folded in until its end, which takes minutes. What is written to the hour meanwhile is noted as late.
   */
  const rollSlices = async (hourMs: number, slices: readonly string[]): Promise<boolean> => {
    await telemetry.keep((connection) =>
      connection.run('CREATE OR REPLACE TEMP TABLE rolled_slices AS FROM rolled_hours LIMIT 0'),
    );
    for (const slice of slices)
      if (!(await roll((connection) => connection.run(insertHours(slice, SLICES))))) return false;
    return await rollAtOnce(async (connection) => {
      // Where the hour was rolled up for good meanwhile, its samples may have gone between two slices.
      if (!((await rolledUntil(connection)) > hourMs))
        await replaceHour(connection, hourMs, [`INSERT INTO rolled_hours BY NAME FROM ${SLICES}`]);
      await connection.run(`DROP TABLE ${SLICES}`);
    });
  };

  const rollWhole = async (hourMs: number): Promise<boolean> => {
    const slices = await telemetry.keep((connection) => slicesOf(connection, hourMs, rowsAtOnce));
    return slices.length > 1
      ? await rollSlices(hourMs, slices)
      : await rollAtOnce((connection) => rollHour(connection, hourMs));
  };

  return {
    async round(): Promise<void> {
      const newest = await newestMs();
      if (newest === null) return;
      const untilMs = hourOf(newest - SETTLED_MS);
      const noted = await telemetry.noteLateBefore(untilMs);
      for (const hourMs of await telemetry.keep((connection) => lateHours(connection, noted)))
        if (!(await rollAtOnce((connection) => rollLate(connection, hourMs, noted)))) return;
      let sinceMs = await telemetry.keep(hoursUntil);
      for (;;) {
        const from = sinceMs;
        const hourMs = await telemetry.keep((connection) => firstHour(connection, from, untilMs));
        if (hourMs === null) break;
        if (!(await rollWhole(hourMs))) return;
        sinceMs = hourMs + HOUR_MS;
      }
      for (const hourMs of await telemetry.keep(plainHours)) if (!(await rollWhole(hourMs))) return;
    },
  };
};
