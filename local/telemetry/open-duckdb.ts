import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { duckDbError } from './duckdb-error.ts';
import { SAMPLE_COLUMN_TYPES, TELEMETRY_SCHEMA, timestamp } from './telemetry-schema.ts';

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
const fillSampleColumns = (chunk: DuckDBDataChunk, samples: readonly StoredSample[]): void => {
  chunk.reset();
  chunk.rowCount = samples.length;
  for (const [index, column] of COLUMNS.entries()) chunk.setColumnValues(index, samples.map(column));
};

/** The most rows that a chunk takes. */
const CHUNK_ROWS = 2048;

/**
 * Makes what appends samples to the table, within the transaction that is open. Chunk and appender are used again and
 * again: their memory is let go of by garbage collection only, and 100 MB would gather before it came.
 */
export const sampleAppender = (connection: DuckDBConnection) => {
  const chunk = DuckDBDataChunk.create(SAMPLE_COLUMN_TYPES);
  let kept: DuckDBAppender | null = null;
  return async (samples: readonly StoredSample[]): Promise<void> => {
    const appender = kept ?? (await connection.createAppender('samples'));
    kept = null;
    try {
      for (let start = 0; start < samples.length; start += CHUNK_ROWS) {
        fillSampleColumns(chunk, samples.slice(start, start + CHUNK_ROWS));
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
      kept = appender;
    } catch (error) {
      // Closing flushes what is left, which would fail once more and hide why.
      appender.clear();
      appender.closeSync();
      throw error;
    }
  };
};

/** Memory and processor time are for the whole pipeline: one thread is enough for a few thousand samples a second. */
const SETTINGS = {
  threads: '1',
  memory_limit: '128MB',
  // Half as many checkpoints as by default; a log of this size is read back in a third of a second after a crash.
  checkpoint_threshold: '32MB',
  // Never the network: all that is needed is built in.
  autoinstall_known_extensions: 'false',
};

const connect = async (instance: DuckDBInstance) => {
  const writer = await instance.connect();
  const reader = await instance.connect();
  await writer.run(TELEMETRY_SCHEMA);
  return {
    writer,
    reader,
    append: sampleAppender(writer),
    letGo: (): void => {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
};

/** An open store: one connection that writes, with its appender, and one that reads. */
export type OpenDuckDb = Awaited<ReturnType<typeof connect>>;

/** Opens the store in the file at `path`, or makes it. Throws one line that says what to do. */
export const openDuckDb = async (path: string): Promise<OpenDuckDb> => {
  try {
    const instance = await DuckDBInstance.create(path, SETTINGS);
    try {
      return await connect(instance);
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  } catch (error) {
    throw duckDbError(path, error);
  }
};
