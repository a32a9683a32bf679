import type { DatabaseSync } from 'node:sqlite';
import { sqliteError } from './sqlite-error.ts';

/** Does work on the database at once; a failure becomes a rejection with one line that says what to do. */
export const promised = <T>(database: DatabaseSync, work: () => T): Promise<T> =>
  new Promise((resolve) => {
    try {
      resolve(work());
    } catch (error) {
      throw sqliteError((database.isOpen ? database.location() : null) ?? 'in memory', error);
    }
  });
