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
];
