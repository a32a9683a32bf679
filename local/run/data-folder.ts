import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { LocalError } from './local-error.ts';

/** Where a run keeps what must survive it. */
export type DataFolder = Readonly<{
  path: string;
  ledger: string;
  telemetry: string;
  webhookSecret: string;
  /** By which the links of notices are known. */
  linkKey: string;
  /** Removes a folder that was only for this run; leaves any other alone. */
  dispose(): void;
}>;

/** The files of a data folder. */
export const filesIn = (path: string) => ({
  path,
  ledger: join(path, 'ledger.sqlite'),
  telemetry: join(path, 'telemetry.duckdb'),
  webhookSecret: join(path, 'webhook-secret'),
  linkKey: join(path, 'link-key'),
});

/** Makes a folder and those above it where they are missing. Node's own `recursive` never returns where nothing can be made, as under /proc. */
export const makeFolder = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path && statSync(parent, { throwIfNoEntry: false }) === undefined) makeFolder(parent);
  mkdirSync(path);
};

/** Returns once a file, or the names in a folder, would survive a crash of the machine. */
export const sync = (path: string): void => {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
};

const makeWritable = (path: string): void => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) makeFolder(path);
  else if (!found.isDirectory()) throw new Error('there is a file of that name');
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
};

const isThere = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** Throws one line that says what to do where a file of the folder is of another kind, or of somebody else. */
const checkFile = (path: string): void => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) {
    const kind = found.isDirectory() ? 'a folder' : 'a device, pipe or socket';
    throw new LocalError('NotAFile', `${path} is ${kind} where a file is expected: move it away.`);
  }
  const { uid, username } = userInfo();
  if (isThere(path, constants.R_OK | constants.W_OK)) {
    // Made by a program that left them to others.
    if (found.uid === uid && (found.mode & 0o077) !== 0) chmodSync(path, found.mode & 0o700);
    return;
  }
  const whose =
    found.uid === uid ? 'has no rights to read and write' : `belongs to another user (id ${found.uid})`;
  throw new LocalError(
    'NotYours',
    `${path} ${whose}: run as the one who made it, or give it to ${username} with chown and chmod u+rw.`,
  );
};

/** The folder a person chose, made where it is missing. Throws one line that says what to do. */
export const openDataFolder = (folder: string): DataFolder => {
  const path = resolve(folder);
  try {
    makeWritable(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError(
      'NoDataFolder',
      `the data folder ${path} cannot be used: ${reason}; choose another with --data`,
      cause,
    );
  }
  const files = filesIn(path);
  const { ledger, telemetry, webhookSecret, linkKey } = files;
  for (const file of [ledger, `${ledger}-wal`, telemetry, `${telemetry}.wal`, webhookSecret, linkKey])
    checkFile(file);
  return { ...files, dispose: () => undefined };
};

/** A folder for this run alone. */
export const temporaryDataFolder = (): DataFolder => {
  const path = mkdtempSync(join(tmpdir(), 'sentinel-'));
  return { ...filesIn(path), dispose: () => rmSync(path, { recursive: true, force: true }) };
};

/** Small things that a data folder remembers from one run to the next, by name. */
export type RunFacts = Readonly<{ number(name: string, otherwise: number): number }>;

/** The facts in the ledger's file; what is asked for first is kept for good. */
export const createRunFacts = (database: DatabaseSync): RunFacts => {
  const insert = database.prepare('INSERT OR IGNORE INTO run_facts (name, value) VALUES (?, ?)');
  const select = database.prepare('SELECT value FROM run_facts WHERE name = ?');
  return {
    number: (name, otherwise) => {
      insert.run(name, otherwise);
      return Number(select.get(name)?.value ?? otherwise);
    },
  };
};

/** Makes a secret of 32 bytes, in hexadecimal, in a file for its owner alone; false where there is a file already. */
export const makeSecret = (path: string): boolean => {
  if (existsSync(path)) return false;
  writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return true;
};
