import { DuckDBTimestampValue } from '@duckdb/node-api';

/** A time in ms since the epoch as DuckDB's TIMESTAMP, which counts µs. */
export const timestamp = (ms: number): DuckDBTimestampValue => new DuckDBTimestampValue(BigInt(ms) * 1000n);
