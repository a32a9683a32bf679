import { BIGINT, DOUBLE, DuckDBTimestampValue, LIST, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';

/**
 * Times are TIMESTAMP in UTC, the type they have in Timestream and Athena too: `date_trunc` and `time_bucket` give the
 * same answer on every machine, where TIMESTAMP WITH TIME ZONE would follow the time zone of whoever asks.
 * A file of an earlier version gets the columns that it lacks, in which its rows have no value.
 * There is no PRIMARY KEY on samples: its index would cost more than the rest of the write, and grow with the table.
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
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS last_abnormal_at TIMESTAMP;
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
];

/** A time in ms since the epoch as DuckDB's TIMESTAMP, which counts µs. */
export const timestamp = (ms: number): DuckDBTimestampValue => new DuckDBTimestampValue(BigInt(ms) * 1000n);
