import { statSync } from 'node:fs';
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
import { type Advice, explainFailure } from '../run/local-error.ts';
import { SAMPLE_COLUMN_TYPES, TELEMETRY_SCHEMA, timestamp } from './telemetry-schema.ts';

const inUse = (message: string): string => {
  const owner = /\(PID (\d+)\)/.exec(message)?.[1];
  const who = owner === undefined ? 'another process' : `process ${owner}`;
  return `is in use by ${who}: stop that one first, or choose another data folder`;
};

const ADVICES: readonly Advice[] = [
  [/lock on file/i, 'InUse', inUse],
  [
    /not a valid DuckDB database file/i,
    'Unreadable',
    'is not a DuckDB file: move it away, or choose another data folder',
  ],
  [
    /corrupt|checksum|could not read enough bytes/i,
    'Damaged',
    'is damaged or was cut short: put a backup in its place, or move it away and start with --new-store telemetry',
  ],
  [
    /of something else/i,
    'Foreign',
    'is a DuckDB file of something else: move it away, or choose another data folder',
  ],
  [
    /version number/i,
    'OtherVersion',
    'was written by another version of DuckDB: use that version, or choose another data folder',
  ],
  [
    /permission denied|read-only file system|is a directory/i,
    'NotWritable',
    'cannot be written: give yourself write permission, or choose another data folder',
  ],
  [/no such file or directory/i, 'NoFolder', 'is in a folder that does not exist: create the folder first'],
  [
    /no space left|disk quota|file too large|out of disk|max_temp_directory_size/i,
    'DiskFull',
    'cannot grow, because the disk is full: free some space and start it again, with --keep-gb if it is to take less',
  ],
];

/** An error of DuckDB as one line that says which store it concerns and what to do; the original is its cause. */
export const duckDbError = (path: string, cause: unknown): Error =>
  explainFailure(`The telemetry store ${path}`, cause, ADVICES);

/** Whether DuckDB refuses everything until the store is opened anew, as after a checkpoint for which the disk was too full. */
export const isFatal = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('FATAL');

/** Whether DuckDB had no memory left for what it was asked, as its one line or the cause of it says. */
export const isShortOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  (/out of memory|failed to (pin|allocate)/i.test(error.message) || isShortOfMemory(error.cause));

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
  (sample) => sample.challenger?.model ?? null,
  (sample) => sample.challenger?.probability ?? null,
];

/** Writes samples, at most 2048, into a chunk of `samples` column by column: a third of the cost of row by row. */
const fillSampleColumns = (chunk: DuckDBDataChunk, samples: readonly StoredSample[]): void => {
  chunk.reset();
  chunk.rowCount = samples.length;
  for (const [index, column] of COLUMNS.entries()) {
    const vector = chunk.getColumnVector(index);
    let row = 0;
    for (const sample of samples) {
      vector.setItem(row, column(sample));
      row += 1;
    }
    vector.flush();
  }
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

/** A file begins with three headers of 4 KiB, and blocks come behind. */
const HEADER_BYTES = 3 * 4096;
/** So many of the newest rows are read at each start: what the first write looks at, within a tenth of a second. */
const VERIFIED_ROWS = 200_000;

const oneNumber = async (connection: DuckDBConnection, sql: string): Promise<number> =>
  Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? 0);

/** Reads rows from `first` on with all that they hold, which fails where a block is not what was written. */
export const readRows = (connection: DuckDBConnection, first = 0, count = 2 ** 40): Promise<number> =>
  oneNumber(
    connection,
    `SELECT bit_xor(hash(samples)) FROM samples WHERE rowid BETWEEN ${first} AND ${first + count - 1}`,
  );

/** Throws where the file has tables, and not ours. */
const refuseForeign = async (connection: DuckDBConnection): Promise<void> => {
  const tables =
    'SELECT count(*) FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()';
  if ((await oneNumber(connection, tables)) === 0) return;
  if ((await oneNumber(connection, `${tables} AND table_name = 'samples'`)) === 0)
    throw new Error('it is of something else');
};

/** Throws where the file is shorter than it says, or is damaged where it is needed first. */
const verify = async (connection: DuckDBConnection, path: string): Promise<void> => {
  await oneNumber(connection, "SELECT count(*) FROM pragma_storage_info('samples')");
  const blocks = await oneNumber(connection, 'SELECT total_blocks * block_size FROM pragma_database_size()');
  // A block at its end may have been given out and never written: then all that was written is there.
  const isShort = statSync(path).size < HEADER_BYTES + blocks;
  const last = await oneNumber(connection, 'SELECT max(rowid) FROM samples');
  await readRows(connection, isShort ? 0 : Math.max(0, last - VERIFIED_ROWS));
  await oneNumber(connection, 'SELECT bit_xor(hash(incidents)) FROM incidents');
};

/**
 * Gives a file all tables and columns of this version. What is new in an earlier one is folded into the file at once: with a
 * hundred million rows that takes seconds, for which the first checkpoint would hold up the writing.
 */
const bringUpToDate = async (writer: DuckDBConnection): Promise<void> => {
  const columns = (): Promise<number> =>
    oneNumber(writer, "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'samples' AND NOT internal");
  const before = await columns();
  await writer.run(TELEMETRY_SCHEMA);
  if (before > 0 && (await columns()) > before) await writer.run('CHECKPOINT');
};

const connect = async (instance: DuckDBInstance, path: string) => {
  const writer = await instance.connect();
  const reader = await instance.connect();
  const keeper = await instance.connect();
  await refuseForeign(writer);
  await bringUpToDate(writer);
  await verify(writer, path);
  return {
    writer,
    reader,
    keeper,
    connect: () => instance.connect(),
    append: sampleAppender(writer),
    letGo: (): void => {
      for (const part of [keeper, reader, writer, instance]) {
        try {
          part.closeSync();
        } catch (error) {
          // Closing folds in the log, which fails again where it failed before, as on a full disk: it is read at the next start.
          if (!isFatal(error)) throw error;
        }
      }
    },
  };
};

/** An open store: one connection that writes, with its appender, one that reads, one for its upkeep, and more on demand. */
export type OpenDuckDb = Awaited<ReturnType<typeof connect>>;

/** Opens the store in the file at `path`, or makes it. Throws one line that says what to do. */
export const openDuckDb = async (path: string): Promise<OpenDuckDb> => {
  try {
    const instance = await DuckDBInstance.create(path, SETTINGS);
    try {
      return await connect(instance, path);
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  } catch (error) {
    throw duckDbError(path, error);
  }
};
