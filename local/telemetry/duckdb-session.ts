import type { DuckDBConnection } from '@duckdb/node-api';
import { LocalError } from '../run/local-error.ts';
import { duckDbError, isFatal, isShortOfMemory, type OpenDuckDb, openDuckDb } from './open-duckdb.ts';

/** Runs asynchronous pieces of work one after the other, in the order in which they were asked for. */
export const inTurn = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
};

/**
 * An open store, written by one at a time and read by one at a time, which opens itself anew after an error that DuckDB
 * does not get over alone. Work that fails rejects with one line that says what to do.
 */
export const openDuckDbSession = async (path: string) => {
  let store = await openDuckDb(path);
  let broken = false;
  let closing: Promise<void> | null = null;
  const writing = inTurn();
  const reading = inTurn();
  const keeping = inTurn();
  // Whoever takes several turns takes the writer's first, then the reader's.
  const alone = (work: () => Promise<void>): Promise<void> => reading(() => keeping(work));

  const reopenIfBroken = (): Promise<void> =>
    alone(async () => {
      if (!broken) return;
      store.letGo();
      store = await openDuckDb(path);
      broken = false;
    });

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isFatal(error)) broken = true;
      throw duckDbError(path, error);
    }
  };

  const unlessClosed = <T>(work: () => Promise<T>): Promise<T> =>
    closing === null
      ? work()
      : Promise.reject(new LocalError('Closed', `The telemetry store ${path} is closed.`));

  const besides = new Map<DuckDBConnection, Promise<unknown>>();
  const endOthers = async (): Promise<void> => {
    for (const connection of besides.keys()) connection.interrupt();
    await Promise.allSettled(besides.values());
  };

  const write = <T>(work: (store: OpenDuckDb) => Promise<T>): Promise<T> =>
    unlessClosed(() =>
      writing(async () => {
        if (broken) await reopenIfBroken();
        try {
          return await attempt(() => work(store));
        } catch (error) {
          if (!isShortOfMemory(error)) throw error;
        }
        // Memory is shared with what runs beside, or ran until just now: that gives way, and the write is done once more.
        await endOthers();
        if (broken) await reopenIfBroken();
        return await attempt(() => work(store));
      }),
    );

  const read = <T>(work: (reader: DuckDBConnection) => Promise<T>): Promise<T> =>
    unlessClosed(() => reading(() => attempt(() => work(store.reader))));

  const keep = <T>(work: (keeper: DuckDBConnection) => Promise<T>): Promise<T> =>
    unlessClosed(() => keeping(() => attempt(() => work(store.keeper))));

  const beside = <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> =>
    unlessClosed(async () => {
      const connection = await store.connect();
      const running = attempt(() => work(connection));
      besides.set(connection, running);
      try {
        return await running;
      } finally {
        besides.delete(connection);
        connection.closeSync();
      }
    });

  const letGo = async (): Promise<void> => {
    try {
      if (!broken) await attempt(() => foldLogIn(store.writer));
    } finally {
      store.letGo();
    }
  };

  const close = (): Promise<void> => {
    if (closing !== null) return closing;
    store.reader.interrupt();
    store.keeper.interrupt();
    closing = endOthers().then(() => writing(() => alone(letGo)));
    return closing;
  };

  return { write, read, keep, beside, close };
};

/** Writes the log into the file, unless a transaction is under way elsewhere: then it is read at the next start. */
export const foldLogIn = async (writer: DuckDBConnection): Promise<void> => {
  await writer.run('CHECKPOINT').catch((error: unknown) => {
    if (!(error instanceof Error && error.message.includes('Cannot CHECKPOINT'))) throw error;
  });
};

/** Does work in one transaction: all of it is stored, or nothing. */
export const inTransaction = async (
  writer: DuckDBConnection,
  work: () => Promise<unknown>,
): Promise<void> => {
  await writer.run('BEGIN');
  try {
    await work();
    await writer.run('COMMIT');
  } catch (error) {
    // A commit that failed has ended the transaction by itself: then there is nothing to roll back.
    await writer.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
};
