import type { DatabaseSync } from 'node:sqlite';
import { type Advice, explainFailure } from '../run/local-error.ts';

const ADVICES: readonly Advice[] = [
  [/not open|finalized/i, 'Closed', 'is closed'],
  [
    /locked|busy/i,
    'InUse',
    'is in use by another process: stop that one first, or choose another data folder',
  ],
  [
    /newer program/i,
    'NewerVersion',
    'was made by a newer program: use that program, or choose another data folder',
  ],
  [
    /of something else/i,
    'Foreign',
    'is a SQLite file of something else: move it away, or choose another data folder',
  ],
  [
    /not a database|malformed/i,
    'Unreadable',
    'is not a sound SQLite file: move it away and put a backup in its place, or choose another data folder',
  ],
  [
    /readonly|read-only|permission|unable to open/i,
    'NotWritable',
    'cannot be written: make sure that its folder exists and that you may write there, or choose another data folder',
  ],
  [
    /full|disk I\/O/i,
    'DiskFull',
    'cannot grow, because the disk is full or fails: free some space and start it again',
  ],
];

/** An error of SQLite as one line that says which file it concerns and what to do; the original is its cause. */
export const sqliteError = (path: string, cause: unknown): Error =>
  explainFailure(`The ledger ${path}`, cause, ADVICES);

/**
 * After so many pages, 32 MB, the log is copied into the database's file: what many cylinders save over and over is
 * copied once for several times, where SQLite's own default of 1,000 pages copies nearly each.
 */
export const CHECKPOINT_PAGES = 8000;

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
