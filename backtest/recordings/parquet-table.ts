import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type RowBlock, type Table, TableError, textBlock } from '../../edge/recordings/table.ts';

/** Parquet files begin and end with it. https://parquet.apache.org/docs/file-format/ */
export const PARQUET_MARK = 'PAR1';

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
export const openParquetTable = async (path: string): Promise<Table> => {
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
