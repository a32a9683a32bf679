import type { DatabaseSync } from 'node:sqlite';
import { sqliteError } from './sqlite-error.ts';

/** SQLite's own default. */
const CHECKPOINT_PAGES = 1000;

/** Does work in one transaction, which is on disk when this returns; when it throws, nothing was kept. */
export const transaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Where the disk is full, SQLite has ended the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** As `transaction`, without waiting for the disk: it survives a kill, and a loss of power from the next one on. */
export const quickTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
  try {
    return transaction(database, work);
  } finally {
    database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }
};

/** Does work on the database; a failure becomes one line that says what to do. */
export const explained = <T>(database: DatabaseSync, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw sqliteError((database.isOpen ? database.location() : null) ?? 'in memory', error);
  }
};

/** Does work on the database at once; a failure becomes a rejection with one line that says what to do. */
export const promised = <T>(database: DatabaseSync, work: () => T): Promise<T> =>
  new Promise((resolve) => resolve(explained(database, work)));
