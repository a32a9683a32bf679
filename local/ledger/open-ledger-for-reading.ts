import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalError } from '../run/local-error.ts';
import { LEDGER_MIGRATIONS, openLedgerDatabase } from './open-ledger-database.ts';
import { sqliteError } from './transaction.ts';

export type ReadableLedger = Readonly<{ database: DatabaseSync; close(): void }>;

const isInUse = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);

/** The file as it is, or null where its tables are of an older program. */
const openAsItIs = (path: string): DatabaseSync | null => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 200 });
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > LEDGER_MIGRATIONS.length) throw new Error(`version ${version} is of a newer program`);
    if (version === LEDGER_MIGRATIONS.length) return database;
    database.close();
    return null;
  } catch (error) {
    database?.close();
    if (isInUse(error))
      throw new LocalError(
        'InUse',
        `The ledger ${path} is in use by a pipeline that runs: stop it, or look at a copy (sentinel backup makes one while it runs).`,
        error,
      );
    throw sqliteError(path, error);
  }
};

/** A copy of the file with its tables as they are today, gone when it is closed. */
const openTakenOver = (path: string): ReadableLedger => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-ledger-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'ledger.sqlite');
    for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
    const database = openLedgerDatabase({ path: copy });
    const close = (): void => {
      database.close();
      remove();
    };
    return { database, close };
  } catch (error) {
    remove();
    throw error;
  }
};

/** Opens the ledger of a pipeline that is not running, without changing it. Throws one line that says what to do. */
export const openLedgerForReading = ({ path }: Readonly<{ path: string }>): ReadableLedger => {
  if (!existsSync(path)) throw new Error(`there is no ledger at ${path}: name the data folder with --data`);
  const database = openAsItIs(path);
  return database === null ? openTakenOver(path) : { database, close: () => database.close() };
};
