import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoted } from './telemetry-schema.ts';

/** A column of a file: its name and its type in the words of DuckDB. */
export type FileColumn = Readonly<{ name: string; type: string }>;

/** Writes rows, as JSON values, into a Parquet file with the types of their columns; those that are not given are guessed. */
export const writeParquet = async (
  path: string,
  columns: readonly FileColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const json = join(folder, 'rows.json');
    writeFileSync(json, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const types = columns.map(({ name, type }) => `${quoted(name)}: ${quoted(type)}`).join(', ');
    const given = columns.length === 0 ? '' : `, columns = {${types}}`;
    await connection.run(
      `COPY (SELECT * FROM read_json(${quoted(json)}, format = 'newline_delimited'${given}))
       TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
};
