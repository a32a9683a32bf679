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
];
