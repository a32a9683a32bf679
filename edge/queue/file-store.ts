import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SentinelError } from '../../domain/sentinel-error.ts';
import type { Origin } from '../message/encode-message.ts';
import { createGapTable, type QueueStore } from './queue-store.ts';
import { createOriginTable, createSampleTable } from './sample-table.ts';

const VERSION = 1;
/** How long the process before may take to let go of the file. */
const BUSY_TIMEOUT_MS = 1000;

/** By event time, so that the oldest lie together: they are the first to drain and the first to go. */
const SCHEMA = `
  CREATE TABLE origin (
    id INTEGER PRIMARY KEY, cylinder TEXT NOT NULL, boot TEXT NOT NULL, model TEXT NOT NULL
  ) STRICT;
  CREATE TABLE sample (
    t INTEGER NOT NULL, origin INTEGER NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (t, origin, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE gap (
    id INTEGER PRIMARY KEY, cylinder TEXT NOT NULL, boot TEXT NOT NULL,
    from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, from_t INTEGER NOT NULL, to_t INTEGER NOT NULL,
    samples INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE tally (samples INTEGER NOT NULL) STRICT;
  INSERT INTO tally VALUES (0);
`;

/**
 * Opens the queue's file, or makes it, for this process alone; a commit that returned survives a power cut. A damaged
 * file is kept under another name and a new one begun: a gateway goes on. Throws one line that says what to do.
 */
export const openFileStore = (path: string): QueueStore => {
  try {
    return fileStore(open(path), null);
  } catch (error) {
    if (!isDamage(error)) throw queueError(path, error);
    const movedTo = freeName(`${path}.damaged`);
    renameSync(path, movedTo);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    return fileStore(open(path), movedTo);
  }
};

const fileStore = (database: DatabaseSync, movedTo: string | null): QueueStore => {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO origin (id, cylinder, boot, model, challenger) VALUES (?, ?, ?, ?, ?)',
  );
  const stored = database
    .prepare('SELECT * FROM origin')
    .all()
    .map(({ id, cylinder, boot, model, challenger }): readonly [number, Origin] => [
      Number(id),
      {
        cylinder: String(cylinder),
        boot: String(boot),
        model: String(model),
        ...(typeof challenger === 'string' ? { challenger } : {}),
      },
    ]);
  const origins = createOriginTable(
    stored,
    (id, { cylinder, boot, model, challenger = null }) =>
      void insert.run(id, cylinder, boot, model, challenger),
  );
  return {
    origins,
    samples: createSampleTable(database, origins),
    gaps: createGapTable(database),
    movedTo,
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        // Where the disk is full, SQLite has ended the transaction by itself.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
};

const open = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > VERSION) throw new Error(`version ${version} is of a newer program`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // What drains is read once: a larger cache would only be memory.
    database.exec('PRAGMA cache_size = -2048');
    // Begun even where there is nothing to make: it takes the lock that keeps every other process out.
    database.exec('BEGIN EXCLUSIVE');
    if (version < VERSION) database.exec(SCHEMA);
    addColumn(database);
    database.exec(`PRAGMA user_version = ${VERSION}`);
    database.exec('COMMIT');
    tidy(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Files of before models were on trial lack the column; programs of then do not look at it, so that its version stays. */
const addColumn = (database: DatabaseSync): void => {
  const columns = database.prepare('PRAGMA table_info(origin)').all();
  if (columns.some(({ name }) => name === 'challenger')) return;
  database.exec('ALTER TABLE origin ADD COLUMN challenger TEXT');
};

/** An empty queue gives back what it held in its worst days. */
const tidy = (database: DatabaseSync): void => {
  if (database.prepare('SELECT 1 FROM sample LIMIT 1').get() !== undefined) return;
  database.exec('DELETE FROM origin');
  database.exec('UPDATE tally SET samples = 0');
  database.exec('VACUUM');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
};

/** The first of `path`-1, -2 … that is not taken. */
export const freeName = (path: string): string => {
  for (let number = 1; ; number++) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
};

/** Why a queue cannot be used. */
type QueueErrorCode =
  | 'QueueInUse'
  | 'QueueOfNewerProgram'
  | 'QueueNotWritable'
  | 'QueueDiskFull'
  | 'QueueFailed';

/** What SQLite refused to do with a queue's file, as one line that names it and says what to do. */
export class QueueError extends SentinelError {
  override name = 'QueueError';

  constructor(code: QueueErrorCode, message: string, cause: unknown) {
    super(code, message, cause);
  }
}

const ADVICE: readonly (readonly [pattern: RegExp, code: QueueErrorCode, advice: string])[] = [
  [/locked|busy/i, 'QueueInUse', 'is in use by another process: stop that one first, or choose another file'],
  [
    /newer program/i,
    'QueueOfNewerProgram',
    'was made by a newer program: use that program, or choose another file',
  ],
  [
    /readonly|read-only|permission|unable to open/i,
    'QueueNotWritable',
    'cannot be written: make sure that its folder exists and that you may write there, or choose another file',
  ],
  [
    /full|disk I\/O/i,
    'QueueDiskFull',
    'cannot grow, because the disk is full or fails: free some space, then it goes on',
  ],
];

/** An error of SQLite as one that says which file it concerns and what to do. */
export const queueError = (path: string, cause: unknown): QueueError => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, code, advice] = ADVICE.find(([pattern]) => pattern.test(message)) ?? [
    null,
    'QueueFailed',
    'failed',
  ];
  return new QueueError(code, `The queue ${path} ${advice}`, cause);
};

/** Whether SQLite says that the file itself is damaged or none of its own. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && /not a database|malformed/i.test(error.message);
