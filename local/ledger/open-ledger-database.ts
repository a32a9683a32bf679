import { DatabaseSync } from 'node:sqlite';
import { LEDGER_MIGRATIONS } from './ledger-schema.ts';
import { sqliteError } from './sqlite-error.ts';

/** How long another process may take to let go of the file, as after Ctrl-C. */
const BUSY_TIMEOUT_MS = 2000;

const versionOf = (database: DatabaseSync): number => {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > LEDGER_MIGRATIONS.length) throw new Error(`version ${version} is of a newer program`);
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
    migrate(database, version);
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(path, error);
  }
};
