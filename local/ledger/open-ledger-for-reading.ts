import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LEDGER_MIGRATIONS } from './ledger-schema.ts';
import { sqliteError } from './sqlite-error.ts';

const isInUse = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);

/** Opens the ledger of a pipeline that is not running, without being able to change it. Throws one line that says what to do. */
export const openLedgerForReading = ({ path }: Readonly<{ path: string }>): DatabaseSync => {
  if (!existsSync(path)) throw new Error(`there is no ledger at ${path}: name the data folder with --data`);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 200 });
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > LEDGER_MIGRATIONS.length) throw new Error(`version ${version} is of a newer program`);
    return database;
  } catch (error) {
    database?.close();
    if (isInUse(error))
      throw new Error(
        `The ledger ${path} is in use by a pipeline that runs: stop it, or copy the folder and look at the copy.`,
        { cause: error },
      );
    throw sqliteError(path, error);
  }
};
