import type { DatabaseSync } from 'node:sqlite';
import { outboxCodec } from '../../usecases/ledger/codecs/outbox-codec.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import { sqliteError } from '../ledger/sqlite-error.ts';
import { transaction } from '../ledger/transaction.ts';

/** What people, or whoever follows the alarm line by line, would hear twice if it were repeated. */
export type ToldItem = Extract<OutboxItem, Readonly<{ kind: 'notice' | 'transition' }>>;

export type TellOnce = Readonly<{
  /** Crosses entries off the outbox and tells of them. Rejects when either failed: then they still wait. */
  tell(ids: readonly number[], tell: () => void): Promise<void>;
  /** Notes that all that was told has been told. */
  told(): Promise<void>;
  /** What was being told when the last run was killed: nobody can know whether it got through. */
  doubtful(): Promise<readonly ToldItem[]>;
}>;

const SCHEMA = 'CREATE TABLE IF NOT EXISTS telling (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT';
/** SQLite's own default. */
const CHECKPOINT_PAGES = 1000;
const IN = 'IN (SELECT value FROM json_each(?))';

/** Does work on the database; a failure is one line that says what to do. */
const inWords = <T>(database: DatabaseSync, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw sqliteError(database.location() ?? 'in memory', error);
  }
};

/** Nothing else is ever moved there. */
const toldItem = (text: unknown, id: unknown): readonly ToldItem[] => {
  const item = outboxCodec.decode(String(text), String(id));
  return item.kind === 'notice' || item.kind === 'transition' ? [item] : [];
};

/**
 * Tells each entry once, as far as a console allows: what was written to a pipe cannot be taken back, and it leaves no
 * trace that outlives the process, so that either the telling or the crossing off has to come first. Telling first
 * repeats an entry whenever the process is killed by somebody who has just read it. So an entry is moved from the outbox
 * to a table of its own, and told with nothing in between but the return of the commit: some tens of microseconds, in which
 * nothing that a killer could wait for happens. What is found in that table at the next start is not told again; it is
 * handed out as doubtful, so that it can be said elsewhere and is never lost in silence.
 */
export const createTellOnce = (database: DatabaseSync): TellOnce => {
  database.exec(SCHEMA);
  const insert = database.prepare(
    `INSERT INTO telling (id, item) SELECT id, item FROM outbox WHERE id ${IN}`,
  );
  const remove = database.prepare(`DELETE FROM outbox WHERE id ${IN}`);
  const select = database.prepare('SELECT id, item FROM telling ORDER BY id');
  const clear = database.prepare('DELETE FROM telling');
  const putBack = database.prepare(
    'INSERT INTO outbox (id, twin_of, item) SELECT id, NULL, item FROM telling',
  );

  const moveOut = (ids: string): void => {
    // The disk is waited for when all has been told: a kill needs no disk, and waiting would stretch the moment between.
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
    try {
      transaction(database, () => {
        clear.run();
        insert.run(ids);
        remove.run(ids);
      });
    } finally {
      database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    }
  };

  const takeBack = (): void =>
    transaction(database, () => {
      putBack.run();
      clear.run();
    });

  return {
    tell: (ids, tell) =>
      new Promise((resolve) => {
        const text = JSON.stringify(ids);
        inWords(database, () => moveOut(text));
        // At once: a promise between the two would let other work in.
        try {
          tell();
        } catch (error) {
          inWords(database, takeBack);
          throw error;
        }
        resolve();
      }),
    told: () => new Promise((resolve) => resolve(inWords(database, () => void clear.run()))),
    doubtful: () =>
      new Promise((resolve) =>
        resolve(inWords(database, () => select.all().flatMap(({ id, item }) => toldItem(item, id)))),
      ),
  };
};
