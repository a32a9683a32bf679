import type { DuckDBConnection } from '@duckdb/node-api';
import { ADDED_COLUMNS, ADDED_TABLES, HOURS, HOURS_UNTIL_FIRST } from './telemetry-schema.ts';

const names = async (connection: DuckDBConnection, sql: string): Promise<ReadonlySet<string>> =>
  new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));

/** Gives a file of an older program, which cannot be changed here, the tables, columns and views that it lacks, for this connection. */
export const supplement = async (connection: DuckDBConnection): Promise<void> => {
  const tables = await names(connection, 'SELECT table_name FROM duckdb_tables() WHERE NOT internal');
  const lacking = Object.keys(ADDED_TABLES).filter((table) => !tables.has(table));
  for (const table of lacking) await connection.run(`CREATE TEMP TABLE ${ADDED_TABLES[table]}`);
  const [database = ''] = await names(connection, 'SELECT current_database()');
  for (const [table, columns] of Object.entries(ADDED_COLUMNS)) {
    const known = await names(
      connection,
      `SELECT column_name FROM duckdb_columns() WHERE table_name = '${table}' AND NOT internal`,
    );
    const added = Object.entries(columns).filter(([name]) => !known.has(name));
    if (added.length === 0) continue;
    const list = added.map(([name, type]) => `, NULL::${type} AS ${name}`).join('');
    // A table that was made here gets its columns, one of the file a view that has them.
    if (lacking.includes(table))
      for (const [name, type] of added)
        await connection.run(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
    else
      await connection.run(`CREATE TEMP VIEW ${table} AS SELECT *${list} FROM "${database}".main.${table}`);
  }
  if (!lacking.includes('hours_until')) return;
  await connection.run(HOURS_UNTIL_FIRST);
  await connection.run(`CREATE TEMP VIEW hours AS ${HOURS}`);
};
