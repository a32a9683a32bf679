import { type DuckDBDataChunk, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { timestamp } from './timestamp.ts';

type Column = (sample: StoredSample) => DuckDBValue;

/** The columns of `samples`, in order. */
const COLUMNS: readonly Column[] = [
  (sample) => sample.cylinder,
  (sample) => sample.gateway,
  (sample) => timestamp(sample.t),
  (sample) => sample.boot,
  (sample) => (sample.seq === null ? null : BigInt(sample.seq)),
  (sample) => sample.model,
  ...SENSORS.map(
    (_, sensor): Column =>
      (sample) =>
        sample.values[sensor] ?? null,
  ),
  (sample) => sample.probability,
  (sample) => (sample.why === null ? null : new DuckDBListValue(sample.why)),
  (sample) => timestamp(sample.receivedAt),
];

/** Writes samples, at most 2048, into a chunk of `samples` column by column: a third of the cost of row by row. */
export const fillSampleColumns = (chunk: DuckDBDataChunk, samples: readonly StoredSample[]): void => {
  chunk.reset();
  chunk.rowCount = samples.length;
  for (const [index, column] of COLUMNS.entries()) chunk.setColumnValues(index, samples.map(column));
};
