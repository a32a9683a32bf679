import type { DatabaseSync } from 'node:sqlite';
import { outboxCodec } from '../../usecases/ledger/codecs/outbox-codec.ts';
import type { Outbox, OutboxItem } from '../../usecases/ports/outbox.ts';
import { promised } from './promised.ts';

/** The outbox in the ledger's file. `put` belongs into the transaction of a save. */
export const sqliteOutbox = (database: DatabaseSync): Outbox & Readonly<{ put(item: OutboxItem): void }> => {
  const removeTwin = database.prepare('DELETE FROM outbox WHERE twin_of = ?');
  const insert = database.prepare('INSERT INTO outbox (twin_of, item) VALUES (?, ?)');
  const first = database.prepare('SELECT id, item FROM outbox ORDER BY id LIMIT ?');
  const remove = database.prepare('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))');

  return {
    put(item) {
      const twinOf = item.kind === 'twin' ? item.cylinder : null;
      // The newest says all that those before it would have said.
      if (twinOf !== null) removeTwin.run(twinOf);
      insert.run(twinOf, outboxCodec.encode(item));
    },
    pending: (limit) =>
      promised(database, () =>
        first
          .all(limit)
          .map(({ id, item }) => ({ id: Number(id), item: outboxCodec.decode(String(item), String(id)) })),
      ),
    done: (ids) =>
      promised(database, () => {
        if (ids.length > 0) remove.run(JSON.stringify(ids));
      }),
  };
};
