import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBTimestampValue,
  LIST,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';
import { ADDED_TO_HOURS, firstHours, HOUR_COLUMNS, rollUp } from './hour-rollup.ts';

/** The columns of `samples` that files of earlier versions lack: what a model on trial says, and which one. */
const ADDED_TO_SAMPLES: Readonly<Record<string, string>> = {
  challenger: 'VARCHAR',
  challenger_probability: 'DOUBLE',
};

/** The columns of `incidents` that files of earlier versions lack. */
const ADDED_TO_INCIDENTS: Readonly<Record<string, string>> = {
  last_abnormal_at: 'TIMESTAMP',
  told_at: 'TIMESTAMP',
  acknowledged_at: 'TIMESTAMP',
  closed_at: 'TIMESTAMP',
  advice: 'VARCHAR',
  why: 'DOUBLE[]',
  model: 'VARCHAR',
  policy: 'VARCHAR',
};

/** Until when hours are rolled up. */
const HOURS_UNTIL = "coalesce((SELECT max(t) FROM hours_until), '-infinity'::TIMESTAMP)";

const isLate = (cylinder: string, hour: string): string =>
  `EXISTS (FROM late_hours WHERE late_hours.cylinder = ${cylinder} AND late_hours.hour = ${hour})`;

/** The columns of tables that files of earlier versions lack. */
export const ADDED_COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  samples: ADDED_TO_SAMPLES,
  incidents: ADDED_TO_INCIDENTS,
  rolled_hours: ADDED_TO_HOURS,
};

/** The tables that files of earlier versions lack, in order, and how each is made. */
export const ADDED_TABLES: Readonly<Record<string, string>> = {
  retention: 'retention (rolled_until TIMESTAMP NOT NULL)',
  rolled_hours: `rolled_hours AS ${firstHours('false')}`,
  hours_until: 'hours_until (t TIMESTAMP NOT NULL)',
  late_hours: 'late_hours (cylinder VARCHAR NOT NULL, hour TIMESTAMP NOT NULL, noted BIGINT NOT NULL)',
};

/** What was rolled up before there was `hours_until`. */
export const HOURS_UNTIL_FIRST = `INSERT INTO hours_until SELECT max(rolled_until) FROM retention
  HAVING max(rolled_until) > ${HOURS_UNTIL}`;

/** The hours of each cylinder, whether they are rolled up or not. */
export const HOURS = `
SELECT ${HOUR_COLUMNS} FROM rolled_hours WHERE hour < ${HOURS_UNTIL} AND NOT ${isLate('rolled_hours.cylinder', 'rolled_hours.hour')}
UNION ALL ${rollUp(`t >= ${HOURS_UNTIL}`)}
UNION ALL ${rollUp(`t < ${HOURS_UNTIL} AND t >= (SELECT min(hour) FROM late_hours) AND ${isLate('samples.cylinder', "date_trunc('hour', samples.t)")}`)}`;

/**
 * Times are TIMESTAMP in UTC, the type they have in Timestream and Athena too: `date_trunc` and `time_bucket` give the
 * same answer on every machine, where TIMESTAMP WITH TIME ZONE would follow the time zone of whoever asks.
 * A file of an earlier version gets the columns that it lacks, in which its rows have no value.
 * There is no PRIMARY KEY on samples: its index would cost more than the rest of the write, and grow with the table.
 * `series` says in its place which samples are stored, as far as the row of `samples` that `series_until` names.
 * Before `rolled_until` samples are gone, and nothing older is taken. `rolled_hours` has every hour before `hours_until`, but
 * for those of a cylinder in `late_hours`, of which samples came after they were rolled up; `hours` has all of them.
 */
export const TELEMETRY_SCHEMA = `
CREATE TABLE IF NOT EXISTS samples (
  cylinder VARCHAR NOT NULL,
  gateway VARCHAR NOT NULL,
  t TIMESTAMP NOT NULL,
  boot VARCHAR,
  seq BIGINT,
  model VARCHAR,
  ${SENSORS.map((sensor) => `"${sensor}" DOUBLE`).join(',\n  ')},
  probability DOUBLE NOT NULL,
  why DOUBLE[],
  received_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS incidents (
  id VARCHAR PRIMARY KEY,
  cylinder VARCHAR NOT NULL,
  gateway VARCHAR,
  began_at TIMESTAMP NOT NULL,
  raised_at TIMESTAMP NOT NULL,
  cleared_at TIMESTAMP,
  ended_by VARCHAR,
  severity VARCHAR NOT NULL,
  reopenings INTEGER NOT NULL,
  acknowledged_by VARCHAR,
  closed_by VARCHAR,
  outcome VARCHAR,
  mode VARCHAR,
  comment VARCHAR
);
CREATE TABLE IF NOT EXISTS series (key VARCHAR NOT NULL, last_t TIMESTAMP NOT NULL, seen VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS series_until (
  row_id BIGINT NOT NULL, cylinder VARCHAR NOT NULL, boot VARCHAR, seq BIGINT, t TIMESTAMP NOT NULL
);
${Object.values(ADDED_TABLES)
  .map((table) => `CREATE TABLE IF NOT EXISTS ${table};`)
  .join('\n')}
${Object.entries(ADDED_COLUMNS)
  .flatMap(([table, columns]) =>
    Object.entries(columns).map(
      ([name, type]) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${name} ${type};`,
    ),
  )
  .join('\n')}
${HOURS_UNTIL_FIRST};
CREATE OR REPLACE VIEW hours AS ${HOURS};
`;

/** The types of the columns of `samples`, in order. */
export const SAMPLE_COLUMN_TYPES = [
  VARCHAR,
  VARCHAR,
  TIMESTAMP,
  VARCHAR,
  BIGINT,
  VARCHAR,
  ...SENSORS.map(() => DOUBLE),
  DOUBLE,
  LIST(DOUBLE),
  TIMESTAMP,
  VARCHAR,
  DOUBLE,
];

/** A text as a literal of SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A time in ms since the epoch as a literal of SQL. */
export const at = (ms: number): string => `make_timestamp(${BigInt(ms) * 1000n})`;

/** The condition on `t` of a sample from one time until before another, ms. */
export const between = (fromMs: number, toMs: number): string => `t >= ${at(fromMs)} AND t < ${at(toMs)}`;

/** A time in ms since the epoch as DuckDB's TIMESTAMP, which counts µs. */
export const timestamp = (ms: number): DuckDBTimestampValue => new DuckDBTimestampValue(BigInt(ms) * 1000n);

const timeIn = async (connection: DuckDBConnection, sql: string): Promise<number> => {
  const ms = (await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? null;
  return ms === null ? -Infinity : Number(ms);
};

/** Until when samples are gone and only their hours are left, ms: nothing older is taken any more; minus infinity where all are there. */
export const rolledUntil = (connection: DuckDBConnection): Promise<number> =>
  timeIn(connection, 'SELECT epoch_ms(max(rolled_until)) FROM retention');

/** Until when the hours are rolled up, ms; without an hour rolled up, minus infinity. */
export const hoursUntil = (connection: DuckDBConnection): Promise<number> =>
  timeIn(connection, 'SELECT epoch_ms(max(t)) FROM hours_until');

/** Notes, within the transaction that is open, until when hours are rolled up, unless they are for longer. */
export const setHoursUntil = async (connection: DuckDBConnection, ms: number): Promise<void> => {
  const known = await hoursUntil(connection);
  await connection.run('DELETE FROM hours_until');
  await connection.run(`INSERT INTO hours_until VALUES (${at(Math.max(known, ms))})`);
};
