import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { makeFolder, sync } from '../run/data-folder.ts';
import { quoted } from './telemetry-schema.ts';

/**
 * Writes what a SELECT finds into a Parquet file, whole or not at all, also through a crash, and makes its folder. Until
 * then it has a name that readers of folders pass over. Resolves with the number of rows.
 */
export const copyToParquet = async (
  connection: DuckDBConnection,
  select: string,
  file: string,
): Promise<number> => {
  const folder = dirname(file);
  const part = join(folder, `.${basename(file)}.part`);
  makeFolder(folder);
  const { rowsChanged } = await connection.run(
    `COPY (${select}) TO ${quoted(part)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  sync(part);
  renameSync(part, file);
  sync(folder);
  return rowsChanged;
};

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
