import type { DatabaseSync } from 'node:sqlite';

/** Does work in one transaction, which is on disk when this returns; when it throws, nothing was kept. */
export const transaction = (database: DatabaseSync, work: () => void): void => {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // Where the disk is full, SQLite has ended the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};
