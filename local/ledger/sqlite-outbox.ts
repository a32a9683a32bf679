import type { DatabaseSync } from 'node:sqlite';
import { outboxCodec } from '../../usecases/ledger/codecs/outbox-codec.ts';
import type { Outbox, OutboxItem } from '../../usecases/ports/outbox.ts';
import { notificationKey, outgoingItem } from './outgoing-item.ts';
import { promised } from './transaction.ts';

/** Reads what is stored of an entry. */
export const readEntry = ({ id, item }: Readonly<Record<string, unknown>>) => ({
  id: Number(id),
  item: outboxCodec.decode(String(item), String(id)),
});

/** The outbox in the ledger's file. `put` belongs into the transaction of a save. */
export const sqliteOutbox = (database: DatabaseSync): Outbox & Readonly<{ put(item: OutboxItem): void }> => {
  const removeTwin = database.prepare('DELETE FROM outbox WHERE twin_of = ?');
  const insert = database.prepare('INSERT INTO outbox (twin_of, item) VALUES (?, ?)');
  const setNotification = database.prepare('UPDATE outbox SET notification = ? WHERE id = ?');
  const first = database.prepare('SELECT id, item FROM outbox ORDER BY id LIMIT ?');
  const remove = database.prepare('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))');

  return {
    put(item) {
      const twinOf = item.kind === 'twin' ? item.cylinder : null;
      // The newest says all that those before it would have said.
      if (twinOf !== null) removeTwin.run(twinOf);
      const id = Number(insert.run(twinOf, outboxCodec.encode(item)).lastInsertRowid);
      const notification = notificationKey(outgoingItem({ id, item }));
      if (notification !== null) setNotification.run(notification, id);
    },
    pending: (limit) => promised(database, () => first.all(limit).map(readEntry)),
    done: (ids) =>
      promised(database, () => {
        if (ids.length > 0) remove.run(JSON.stringify(ids));
      }),
  };
};
