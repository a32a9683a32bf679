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

const SENSOR_HOUR = SENSORS.map(
  (sensor) =>
    `avg("${sensor}") AS "${sensor}", min("${sensor}") AS "${sensor}_min", max("${sensor}") AS "${sensor}_max"`,
).join(',\n  ');

/** One row for each cylinder and hour of the samples between two times, as `hours` has them. */
export const rollUp = (condition: string): string => `
SELECT cylinder, date_trunc('hour', t) AS hour, count(*) AS samples,
  count(*) FILTER (probability >= 0.5) AS abnormal, avg(probability) AS probability, max(probability) AS probability_max,
  ${SENSOR_HOUR}
FROM samples WHERE ${condition} GROUP BY ALL`;

/** The columns of `samples` that files of earlier versions lack: what a model on trial says, and which one. */
const ADDED_TO_SAMPLES = ['challenger VARCHAR', 'challenger_probability DOUBLE'] as const;

/** The columns of `incidents` that files of earlier versions lack. */
export const ADDED_TO_INCIDENTS: Readonly<Record<string, string>> = {
  last_abnormal_at: 'TIMESTAMP',
  told_at: 'TIMESTAMP',
  acknowledged_at: 'TIMESTAMP',
  closed_at: 'TIMESTAMP',
  advice: 'VARCHAR',
  why: 'DOUBLE[]',
  model: 'VARCHAR',
  policy: 'VARCHAR',
};

/**
 * Times are TIMESTAMP in UTC, the type they have in Timestream and Athena too: `date_trunc` and `time_bucket` give the
 * same answer on every machine, where TIMESTAMP WITH TIME ZONE would follow the time zone of whoever asks.
 * A file of an earlier version gets the columns that it lacks, in which its rows have no value.
 * There is no PRIMARY KEY on samples: its index would cost more than the rest of the write, and grow with the table.
 * `series` says in its place which samples are stored, as far as the row of `samples` that `series_until` names.
 * `rolled_hours` has every hour before `rolled_until`, from when on nothing older is taken; `hours` has all of them.
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
${ADDED_TO_SAMPLES.map((column) => `ALTER TABLE samples ADD COLUMN IF NOT EXISTS ${column};`).join('\n')}
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
${Object.entries(ADDED_TO_INCIDENTS)
  .map(([name, type]) => `ALTER TABLE incidents ADD COLUMN IF NOT EXISTS ${name} ${type};`)
  .join('\n')}
CREATE TABLE IF NOT EXISTS series (key VARCHAR NOT NULL, last_t TIMESTAMP NOT NULL, seen VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS series_until (
  row_id BIGINT NOT NULL, cylinder VARCHAR NOT NULL, boot VARCHAR, seq BIGINT, t TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS retention (rolled_until TIMESTAMP NOT NULL);
CREATE TABLE IF NOT EXISTS rolled_hours AS ${rollUp('false')};
CREATE VIEW IF NOT EXISTS hours AS SELECT * FROM rolled_hours UNION ALL ${rollUp(
  "t >= coalesce((SELECT max(rolled_until) FROM retention), '-infinity'::TIMESTAMP)",
)};
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

/** A time in ms since the epoch as DuckDB's TIMESTAMP, which counts µs. */
export const timestamp = (ms: number): DuckDBTimestampValue => new DuckDBTimestampValue(BigInt(ms) * 1000n);

/** Until when the hours are rolled up, ms: nothing older is taken any more; without an hour rolled up, minus infinity. */
export const rolledUntil = async (connection: DuckDBConnection): Promise<number> => {
  const result = await connection.runAndReadAll('SELECT epoch_ms(max(rolled_until)) FROM retention');
  const ms = result.getRows()[0]?.[0] ?? null;
  return ms === null ? -Infinity : Number(ms);
};
