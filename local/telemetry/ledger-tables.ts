import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { explained } from '../ledger/transaction.ts';

type Type = 'TIMESTAMP' | 'BIGINT' | 'VARCHAR';

/** A table that the ledger keeps and that is asked beside the telemetry: its columns, and how SQLite selects them, times in ms. */
type LedgerTable = Readonly<{ columns: Readonly<Record<string, Type>>; select: string }>;

const step = (more: string, kinds: readonly string[]): string =>
  `SELECT incident, cylinder, at AS t, json_extract(event, '$.kind') AS kind, ${more}
   FROM course WHERE kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) ORDER BY at, rowid`;

export const LEDGER_TABLES: Readonly<Record<string, LedgerTable>> = {
  notices: {
    columns: {
      id: 'VARCHAR',
      type: 'VARCHAR',
      cylinder: 'VARCHAR',
      gateway: 'VARCHAR',
      incident: 'VARCHAR',
      made_at: 'TIMESTAMP',
      channel: 'VARCHAR',
      sent_at: 'TIMESTAMP',
      error: 'VARCHAR',
    },
    select:
      'SELECT id, type, cylinder, gateway, incident, at AS made_at, channel, sent_at, error FROM sent_notices ORDER BY at',
  },
  transitions: {
    columns: { incident: 'VARCHAR', cylinder: 'VARCHAR', t: 'TIMESTAMP', kind: 'VARCHAR', cause: 'VARCHAR' },
    select: step("json_extract(event, '$.text') AS cause", ['raised', 'reopened', 'escalated', 'cleared']),
  },
  commands: {
    columns: {
      incident: 'VARCHAR',
      cylinder: 'VARCHAR',
      t: 'TIMESTAMP',
      kind: 'VARCHAR',
      given_by: 'VARCHAR',
      words: 'VARCHAR',
    },
    select: step("json_extract(event, '$.by') AS given_by, json_extract(event, '$.text') AS words", [
      'acknowledged',
      'shelved',
      'unshelved',
      'maintenance',
      'closed',
      'refused',
    ]),
  },
  quarantine: {
    columns: {
      received_at: 'TIMESTAMP',
      topic: 'VARCHAR',
      client: 'VARCHAR',
      cylinder: 'VARCHAR',
      reason: 'VARCHAR',
      detail: 'VARCHAR',
      bytes: 'BIGINT',
    },
    select: `SELECT received_at, topic, client, json_extract(value, '$.cylinder') AS cylinder,
      json_extract(value, '$.reason') AS reason, json_extract(value, '$.detail') AS detail, length(body) AS bytes
    FROM quarantine, json_each(rejections) ORDER BY quarantine.id`,
  },
};

const textOrNull = (value: SQLOutputValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const numberOrNull = (value: SQLOutputValue | undefined): bigint | null =>
  value === null || value === undefined ? null : BigInt(Math.round(Number(value)));

const load = async (
  connection: DuckDBConnection,
  database: DatabaseSync,
  name: string,
  { columns, select }: LedgerTable,
): Promise<void> => {
  const names = Object.entries(columns);
  const definitions = names.map(([column, type]) => `"${column}" ${type}`).join(', ');
  await connection.run(`CREATE TEMP TABLE ${name} (${definitions})`);
  const rows = explained(database, () => database.prepare(select).all());
  if (rows.length === 0) return;
  const cells = names.map(([, type], index) => {
    const place = `unnest($${index + 1})`;
    return type === 'TIMESTAMP' ? `epoch_ms(${place})` : place;
  });
  await connection.run(
    `INSERT INTO ${name} SELECT ${cells.join(', ')}`,
    names.map(([column, type]) =>
      listValue(
        rows.map((row) => (type === 'VARCHAR' ? textOrNull(row[column]) : numberOrNull(row[column]))),
      ),
    ),
    names.map(([, type]) => LIST(type === 'VARCHAR' ? VARCHAR : BIGINT)),
  );
};

/** Lets a connection ask the tables of the ledger that a text of SQL names, as they are now; what changes them later is not seen. */
export const loadLedgerTables = async (
  connection: DuckDBConnection,
  database: DatabaseSync,
  sql: string,
): Promise<void> => {
  for (const [name, table] of Object.entries(LEDGER_TABLES))
    if (new RegExp(`\\b${name}\\b`, 'i').test(sql)) await load(connection, database, name, table);
};
