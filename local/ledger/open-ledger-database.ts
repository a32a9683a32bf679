import { DatabaseSync } from 'node:sqlite';
import { CHECKPOINT_PAGES, sqliteError } from './transaction.ts';

/** The statements that lead from each version of the ledger's tables to the next; PRAGMA user_version counts them. */
export const LEDGER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE records (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT;
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    twin_of TEXT,
    item TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pending_twins ON outbox (twin_of) WHERE twin_of IS NOT NULL;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    client TEXT,
    rejections TEXT NOT NULL
  ) STRICT;
  CREATE TABLE quarantine_totals (
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    dropped INTEGER NOT NULL
  ) STRICT;
  INSERT INTO quarantine_totals VALUES (0, 0, 0);
  `,
  // Programs of version 1 made the first three tables themselves, when they first needed them.
  `
  CREATE TABLE IF NOT EXISTS telling (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS shadow (
    thing TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT,
    PRIMARY KEY (thing, name)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE setting RENAME TO run_facts;
  ALTER TABLE outbox ADD COLUMN notification TEXT;
  ALTER TABLE outbox ADD COLUMN claimed_until INTEGER;
  ALTER TABLE outbox ADD COLUMN notified_at INTEGER;
  INSERT INTO outbox (id, item, claimed_until) SELECT id, item, 0 FROM telling;
  DROP TABLE telling;
  UPDATE outbox SET notification = iif(
    json_extract(item, '$.notice.output.cylinder') IS NULL,
    json_array('gateway', json_extract(item, '$.notice.output.gateway'), json_extract(item, '$.notice.output.id')),
    json_array('cylinder', json_extract(item, '$.notice.output.cylinder'), json_extract(item, '$.notice.output.id'))
  ) WHERE json_extract(item, '$.kind') = 'notice';
  UPDATE outbox SET notification = json_array(
    'cylinder', json_extract(item, '$.transition.cylinder'), 'transition ' || id
  ) WHERE json_extract(item, '$.kind') = 'transition';
  CREATE INDEX pending_notifications ON outbox (notification) WHERE notification IS NOT NULL;
  `,
  // A notice for each channel that tells it; `subject` is the cylinder or gateway whose notices go out in their order.
  `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    subject TEXT NOT NULL,
    item TEXT NOT NULL,
    queued_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX waiting_deliveries ON deliveries (channel, subject, id);
  `,
  // When a notice that still waits for the console was handed over to the other channels.
  `
  ALTER TABLE outbox ADD COLUMN handed_over INTEGER;
  `,
  // How many messages of the quarantine are there for what, so that nobody has to look through them; '' is no cylinder.
  `
  CREATE TABLE quarantine_kinds (
    topic TEXT NOT NULL,
    cylinder TEXT NOT NULL,
    reason TEXT NOT NULL,
    messages INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    client TEXT,
    detail TEXT NOT NULL,
    PRIMARY KEY (topic, cylinder, reason)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX latest_kinds ON quarantine_kinds (last_at DESC, topic);
  INSERT INTO quarantine_kinds
  SELECT topic, ifnull(json_extract(value, '$.cylinder'), ''), json_extract(value, '$.reason'),
    count(DISTINCT quarantine.id), min(received_at), max(received_at), max(client), max(json_extract(value, '$.detail'))
  FROM quarantine, json_each(rejections)
  WHERE json_extract(value, '$.reason') IS NOT NULL AND json_extract(value, '$.detail') IS NOT NULL
  GROUP BY 1, 2, 3;
  `,
  // What the desk shows of the past: incidents for good, what happened to each, who was notified through which channel
  // (null for `sent_at`: it waits there), and what was measured in parts of five minutes.
  `
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    cylinder TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    cleared_at INTEGER,
    severity TEXT NOT NULL,
    outcome TEXT,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX incidents_by_time ON incidents (began_at, id);
  CREATE INDEX incidents_of_cylinder ON incidents (cylinder, began_at, id);
  CREATE INDEX open_incidents ON incidents (began_at, id) WHERE cleared_at IS NULL;
  CREATE TABLE course (
    incident TEXT NOT NULL,
    cylinder TEXT NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX course_of_incident ON course (incident, at);
  CREATE TABLE sent_notices (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    type TEXT NOT NULL,
    cylinder TEXT,
    gateway TEXT,
    incident TEXT,
    at INTEGER NOT NULL,
    sent_at INTEGER,
    error TEXT,
    PRIMARY KEY (subject, id, channel)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sent_notices_by_time ON sent_notices (at);
  CREATE INDEX sent_notices_of_incident ON sent_notices (incident, at);
  CREATE INDEX sent_notices_of_cylinder ON sent_notices (cylinder, at);
  CREATE TABLE rollups (
    cylinder TEXT NOT NULL,
    t INTEGER NOT NULL,
    rollup TEXT NOT NULL,
    PRIMARY KEY (cylinder, t)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rollups_by_time ON rollups (t);
  `,
];

/** How long another process may take to let go of the file, as after Ctrl-C. */
const BUSY_TIMEOUT_MS = 2000;

const versionOf = (database: DatabaseSync): number => {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > LEDGER_MIGRATIONS.length) throw new Error(`version ${version} is of a newer program`);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (version === 0 ? tables.length > 0 : !tables.some(({ name }) => name === 'records'))
    throw new Error('it is of something else');
  return version;
};

const migrate = (database: DatabaseSync, version: number): void => {
  // Begun even where there is nothing to change: it takes the lock that keeps every other process out.
  database.exec('BEGIN EXCLUSIVE');
  for (const migration of LEDGER_MIGRATIONS.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${LEDGER_MIGRATIONS.length}`);
  database.exec('COMMIT');
};

/**
 * Opens the ledger's file, or makes it, for this process alone until it is closed or ends. A commit that returned
 * survives a crash of the machine. Throws one line that says what to do.
 */
export const openLedgerDatabase = ({ path }: Readonly<{ path: string }>): DatabaseSync => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const version = versionOf(database);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // The states of ten thousand cylinders: what is saved over and over is not read from the file again each time.
    database.exec('PRAGMA cache_size = -65536');
    migrate(database, version);
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(path, error);
  }
};
