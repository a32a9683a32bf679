import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openLedgerDatabase } from '../ledger/open-ledger-database.ts';
import { type DataFolder, filesIn, makeFolder, sync } from '../run/data-folder.ts';
import { explainFailure, LocalError } from '../run/local-error.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { quoted } from '../telemetry/telemetry-schema.ts';

export type BackupPorts = Readonly<{
  folder: DataFolder;
  database: DatabaseSync;
  telemetry: Pick<DuckDbTelemetry, 'beside'>;
  /** Does something at a moment when both stores say the same. */
  between: (task: () => Promise<void>) => Promise<void>;
}>;

/** Refuses a place where something is: a backup is never mixed with another. */
const checkPlace = (to: string): void => {
  const found = statSync(to, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(to).length === 0)) return;
  throw new LocalError(
    'NotEmpty',
    `there is something at ${to}: name a folder that is empty or not there yet`,
  );
};

/** Both stores as of one moment: of the ledger at once, of the telemetry by a snapshot that is copied while writing goes on. */
const copyStores = async ({ database, between }: BackupPorts, connection: DuckDBConnection, part: string) => {
  const { ledger, telemetry } = filesIn(part);
  await connection.run(`ATTACH ${quoted(telemetry)} AS backup`);
  try {
    await between(async () => {
      await connection.run('BEGIN');
      await connection.run('SELECT 1 FROM samples LIMIT 1');
      await backup(database, ledger, { rate: 2 ** 30 });
    });
    const [[name] = []] = (await connection.runAndReadAll('SELECT current_database()')).getRows();
    await connection.run(`COPY FROM DATABASE "${name}" TO backup`);
    await connection.run('COMMIT');
    await connection.run('CHECKPOINT backup');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await connection.run('DETACH backup').catch(() => undefined);
  }
};

/**
 * Copies a data folder as of one moment, while it is written. What is at `to` is whole: until then it lies beside it under
 * another name, which the next backup to there removes. Resolves with its size in bytes; rejects with one line.
 */
export const backUp = async (ports: BackupPorts, toFolder: string): Promise<number> => {
  const to = resolve(toFolder);
  checkPlace(to);
  const part = `${to}.sentinel-part`;
  try {
    rmSync(part, { recursive: true, force: true });
    makeFolder(dirname(to));
    mkdirSync(part, { mode: 0o700 });
    await ports.telemetry.beside((connection) => copyStores(ports, connection, part));
    const { webhookSecret, linkKey } = ports.folder;
    const copy = filesIn(part);
    if (existsSync(webhookSecret)) copyFileSync(webhookSecret, copy.webhookSecret);
    if (existsSync(linkKey)) copyFileSync(linkKey, copy.linkKey);
    const files = readdirSync(part).map((name) => join(part, name));
    for (const file of files) {
      chmodSync(file, 0o600);
      sync(file);
    }
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    if (existsSync(to)) rmdirSync(to);
    renameSync(part, to);
    sync(dirname(to));
    return bytes;
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw explainFailure(`The backup to ${to}`, reason, [
      [
        /no space left|disk is full|database or disk is full|ENOSPC/i,
        'DiskFull',
        'was given up, because the disk is full: free some space there, or choose another disk',
      ],
      [/interrupt/i, 'Stopped', 'was given up, because the pipeline stopped'],
    ]);
  }
};

/** The same, as a pipeline that runs answers who asks for it: with the size. */
export const answerBackups = (ports: BackupPorts) =>
  async function* (to: unknown): AsyncGenerator<number, void> {
    yield await backUp(ports, String(to));
  };

/** The same of a folder on which no pipeline runs. */
export const backUpFolder = async (folder: DataFolder, to: string): Promise<number> => {
  const database = openLedgerDatabase({ path: folder.ledger });
  try {
    const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
    try {
      return await backUp({ folder, database, telemetry, between: (task) => task() }, to);
    } finally {
      await telemetry.close();
    }
  } finally {
    database.close();
  }
};
