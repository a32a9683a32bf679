import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { isHeader } from '../../edge/recordings/columns.ts';
import { openCsvTable } from '../../edge/recordings/csv-table.ts';
import type { RecordingFile } from '../../edge/recordings/recording.ts';
import {
  type RowBlock,
  type Table,
  TableError,
  type TableMap,
  textBlock,
} from '../../edge/recordings/table.ts';

/** Parquet files begin and end with it. https://parquet.apache.org/docs/file-format/ */
const PARQUET_MARK = 'PAR1';

const SETTINGS = { threads: '1', memory_limit: '512MB', autoinstall_known_extensions: 'false' };

async function* rowBlocks(
  connection: DuckDBConnection,
  path: string,
  columns: number,
): AsyncGenerator<RowBlock> {
  let count = 0;
  try {
    const result = await connection.stream('SELECT COLUMNS(*)::VARCHAR FROM read_parquet($1)', [path]);
    for await (const rows of result.yieldRows()) {
      const texts = rows.map((row) => row.map((value) => (value === null ? '' : String(value))));
      const before = count;
      count += rows.length;
      yield textBlock(
        texts,
        texts.map((_, row) => before + row + 1),
        columns,
      );
    }
  } finally {
    connection.closeSync();
  }
}

/** Opens a Parquet file: its columns as texts, times in UTC. Rejects with a TableError. */
const openParquetTable = async (path: string): Promise<Table> => {
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const described = await connection.runAndReadAll('SELECT * FROM read_parquet($1) LIMIT 0', [path]);
    const header = described.columnNames();
    return {
      header,
      style: { separator: ',', hasDecimalComma: false },
      place: 'row',
      blocks: rowBlocks(connection, path, header.length),
    };
  } catch (error) {
    connection.closeSync();
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw new TableError(`is not a Parquet file that can be read: ${reason}`);
  }
};

/** As much as is parsed at once; more is no faster. */
const CHUNK_BYTES = 1 << 18;

/** Whether a file has a mark at a place in it, byte for byte. Rejects where it cannot be read. */
export const hasMark = async (path: string, mark: string, at: number): Promise<boolean> => {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(mark.length), 0, mark.length, at);
    return buffer.toString('latin1') === mark;
  } finally {
    await handle.close();
  }
};

/** Opens a table in a CSV or a Parquet file. Rejects where there is none, or it holds no table. */
export const openTable = async (
  path: string,
  map: TableMap = {},
  isNamed = isHeader(map),
): Promise<Table> => {
  if (await hasMark(path, PARQUET_MARK, 0)) return openParquetTable(path);
  const input = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return openCsvTable(await unpacked(path, input), { ...map, isHeader: isNamed });
};

/** The bytes of a file, unpacked where gzip or zstd has packed them. */
const unpacked = async (path: string, input: Readable): Promise<AsyncIterable<Uint8Array>> => {
  const [isGzip, isZstd] = await Promise.all(
    ['\x1f\x8b', '\x28\xb5\x2f\xfd'].map((mark) => hasMark(path, mark, 0)),
  );
  if (isGzip !== true && isZstd !== true) return input;
  const unpacking = isGzip === true ? createGunzip() : createZstdDecompress();
  pipeline(input, unpacking, () => undefined);
  return unpackedChunks(unpacking);
};

async function* unpackedChunks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TableError(`is compressed: unpack it first, which fails here: ${reason}`, cause);
  }
}

/** A file with a recording in it, to be read as often as is asked. */
export const recordingFile = (path: string, map: TableMap = {}): RecordingFile => ({
  path,
  map,
  open: () => openTable(path, map),
});
