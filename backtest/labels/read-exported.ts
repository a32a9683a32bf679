import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';

const SETTINGS = { threads: '1', memory_limit: '512MB', autoinstall_known_extensions: 'false' };

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const NO_INCIDENTS = `SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS cylinder, NULL::TIMESTAMP AS began_at,
  NULL::TIMESTAMP AS cleared_at, NULL::TIMESTAMP AS closed_at, NULL::VARCHAR AS outcome WHERE false`;

/**
 * Asks one statement of what `export`, or a pipeline that keeps no more, has written into a folder: the tables `samples`
 * and `incidents`, the latter empty where there are none. Times are in UTC.
 */
export async function* askExported(
  folder: string,
  sql: string,
): AsyncGenerator<Readonly<Record<string, Json>>, void> {
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await instance.connect();
  try {
    const samples = `read_parquet(${quoted(join(folder, '**/samples*.parquet'))}, union_by_name = true,
      hive_partitioning = true, hive_types_autocast = false)`;
    const incidents = join(folder, 'incidents', 'incidents.parquet');
    const known = existsSync(incidents) ? `SELECT * FROM read_parquet(${quoted(incidents)})` : NO_INCIDENTS;
    await connection.run(
      `CREATE VIEW samples AS SELECT * FROM ${samples}; CREATE VIEW incidents AS ${known}`,
    );
    for await (const rows of (await connection.stream(sql)).yieldRowObjectJson()) yield* rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
