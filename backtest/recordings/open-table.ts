import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isHeader } from '../../edge/recordings/columns.ts';
import { openCsvTable } from '../../edge/recordings/csv-table.ts';
import type { RecordingFile } from '../../edge/recordings/recording.ts';
import type { Table } from '../../edge/recordings/table.ts';
import type { TableMap } from '../../edge/recordings/table-map.ts';
import { openParquetTable, PARQUET_MARK } from './parquet-table.ts';

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
  return openCsvTable(input, { ...map, isHeader: isNamed });
};

/** A file with a recording in it, to be read as often as is asked. */
export const recordingFile = (path: string, map: TableMap = {}): RecordingFile => ({
  path,
  map,
  open: () => openTable(path, map),
});
