import type { DatabaseSync } from 'node:sqlite';
import type { Notice } from '../../domain/notice/notice.ts';
import { readEntry } from './sqlite-outbox.ts';
import { explained, promised, quickTransaction, transaction } from './transaction.ts';

/** What waits to be told by one channel or another. Each call throws one line that says what to do when the file fails. */
export type Deliveries = Readonly<{
  /** Takes entries off the outbox; the notices among them wait for each of the channels from then on, in one commit. */
  handOver(outboxIds: readonly number[], channels: readonly string[], now: number): Promise<void>;
  /** Lets the notices of the outbox that were not handed over wait for each of the channels too, and leaves them there for the console. */
  handOverBeside(channels: readonly string[], now: number): Promise<void>;
  /** The first of each cylinder's and each gateway's notices that wait for a channel, the longest waiting first. */
  heads(channel: string): readonly number[];
  notice(id: number): Notice;
  /** Takes it off where it was told, or refused for good, and notes that. */
  remove(id: number, end: Readonly<{ at: number; refused: string | null }>): void;
  /** Drops what has waited for a channel since before `since`, ms, and says which. */
  expire(channel: string, since: number): readonly number[];
  /** How many notices wait for each channel that any waits for. */
  waiting(): ReadonlyMap<string, number>;
}>;

/** Who was notified of what is known for so long, ms. */
const SENT_KEPT_MS = 90 * 86_400_000;

/** The deliveries in the ledger's file: each is there until its channel has told it, whatever happens to the program. */
export const createSqliteDeliveries = (database: DatabaseSync): Deliveries => {
  const insert = database.prepare(`
    INSERT INTO deliveries (channel, subject, item, queued_at)
    SELECT channel.value, json_array(json_extract(notification, '$[0]'), json_extract(notification, '$[1]')), item, ?
    FROM outbox, json_each(?) AS channel
    WHERE outbox.id IN (SELECT value FROM json_each(?)) AND handed_over IS NULL
      AND json_extract(item, '$.kind') = 'notice'
    ORDER BY outbox.id
  `);
  const unseen = database.prepare(
    'SELECT id FROM outbox WHERE id > ? AND notification IS NOT NULL AND handed_over IS NULL ORDER BY id',
  );
  const markHandedOver = database.prepare(
    'UPDATE outbox SET handed_over = ? WHERE id IN (SELECT value FROM json_each(?))',
  );
  const noteSent = database.prepare(`
    INSERT OR IGNORE INTO sent_notices (subject, id, channel, type, cylinder, gateway, incident, at, sent_at)
    SELECT json_array(json_extract(notification, '$[0]'), json_extract(notification, '$[1]')),
      json_extract(item, '$.notice.output.id'), channel.value, json_extract(item, '$.notice.output.type'),
      json_extract(item, '$.notice.output.cylinder'), json_extract(item, '$.notice.output.gateway'),
      json_extract(item, '$.notice.output.incident'), json_extract(item, '$.notice.output.at'),
      iif(channel.value = 'console', ?, NULL)
    FROM outbox, json_each(?) AS channel
    WHERE outbox.id IN (SELECT value FROM json_each(?)) AND notification IS NOT NULL
      AND json_extract(item, '$.kind') = 'notice'
  `);
  const forgetSent = database.prepare('DELETE FROM sent_notices WHERE at < ?');
  const noteEnd = database.prepare(`
    UPDATE sent_notices SET sent_at = ?, error = ? WHERE (subject, id, channel) =
      (SELECT subject, json_extract(item, '$.notice.output.id'), channel FROM deliveries WHERE id = ?)
  `);
  /** Of the entries those that are notices, told by the console or waiting for it, and for each channel. */
  const note = (ids: string, told: readonly string[], now: number): void => {
    if (Number(noteSent.run(now, JSON.stringify(told), ids).changes) > 0) forgetSent.run(now - SENT_KEPT_MS);
  };
  let besideId = 0;
  const crossOff = database.prepare('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))');
  const heads = database.prepare(
    'SELECT min(id) AS id FROM deliveries WHERE channel = ? GROUP BY subject ORDER BY 1',
  );
  const select = database.prepare('SELECT id, item FROM deliveries WHERE id = ?');
  const remove = database.prepare('DELETE FROM deliveries WHERE id = ?');
  const expire = database.prepare('DELETE FROM deliveries WHERE channel = ? AND queued_at < ? RETURNING id');
  const count = database.prepare('SELECT channel, count(*) AS waiting FROM deliveries GROUP BY channel');

  return {
    handOver: (outboxIds, channels, now) =>
      promised(database, () => {
        if (outboxIds.length === 0) return;
        const ids = JSON.stringify(outboxIds);
        transaction(database, () => {
          // Without a channel none waits, and looking into each entry for its kind would cost more than all else.
          if (channels.length > 0) insert.run(now, JSON.stringify(channels), ids);
          note(ids, ['console', ...channels], now);
          crossOff.run(ids);
        });
      }),
    handOverBeside: (channels, now) =>
      promised(database, () => {
        const found = unseen.all(besideId).map(({ id }) => Number(id));
        if (found.length === 0) return;
        const ids = JSON.stringify(found);
        transaction(database, () => {
          insert.run(now, JSON.stringify(channels), ids);
          note(ids, channels, now);
          markHandedOver.run(now, ids);
        });
        besideId = found.at(-1) ?? besideId;
      }),
    heads: (channel) => explained(database, () => heads.all(channel).map(({ id }) => Number(id))),
    notice: (id) => {
      const { item } = readEntry(explained(database, () => select.get(id)) ?? {});
      if (item.kind !== 'notice') throw new Error(`delivery ${id} is of no notice`);
      return item.notice;
    },
    // What is told is told again after a loss of power at worst: the disk is not waited for.
    remove: (id, { at, refused }) =>
      explained(database, () =>
        quickTransaction(database, () => {
          noteEnd.run(refused === null ? at : null, refused, id);
          remove.run(id);
        }),
      ),
    expire: (channel, since) =>
      explained(database, () =>
        transaction(database, () => expire.all(channel, since).map(({ id }) => Number(id))),
      ),
    waiting: () =>
      explained(
        database,
        () => new Map(count.all().map(({ channel, waiting }) => [String(channel), Number(waiting)])),
      ),
  };
};
