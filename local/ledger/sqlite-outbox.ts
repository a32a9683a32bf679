import type { DatabaseSync } from 'node:sqlite';
import { outboxCodec } from '../../usecases/ledger/codecs/outbox-codec.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import type { LedgerItem, Outbox, OutboxEntry, OutboxItem } from '../../usecases/ports/outbox.ts';
import { promised } from './transaction.ts';

/** An entry of the outbox as the use cases take it; a transition is known by its place there. */
export const outgoingItem = ({ id, item }: OutboxEntry): LedgerItem => {
  switch (item.kind) {
    case 'notice': {
      const { output } = item.notice;
      const subject: NoticeSubject =
        'cylinder' in output
          ? { kind: 'cylinder', name: output.cylinder }
          : { kind: 'gateway', name: output.gateway };
      return { ...item, subject };
    }
    case 'transition': {
      const name = 'cylinder' in item.transition ? item.transition.cylinder : '';
      return { ...item, subject: { kind: 'cylinder', name }, id: `transition ${id}` };
    }
    case 'incident':
    case 'twin':
      return item;
  }
};

/** What a notification is known by in the ledger's file; null for what is none. */
export const notificationKey = (item: LedgerItem): string | null => {
  if (item.kind === 'notice') return keyText(item.subject, item.notice.output.id);
  return item.kind === 'transition' ? keyText(item.subject, item.id) : null;
};

export const keyText = ({ kind, name }: NoticeSubject, id: string): string =>
  JSON.stringify([kind, name, id]);

/** Reads what is stored of an entry. */
export const readEntry = ({ id, item }: Readonly<Record<string, unknown>>) => ({
  id: Number(id),
  item: outboxCodec.decode(String(item), String(id)),
});

/** The outbox in the ledger's file. `put` belongs into the transaction of a save. */
export const sqliteOutbox = (database: DatabaseSync): Outbox & Readonly<{ put(item: OutboxItem): void }> => {
  const removeTwin = database.prepare('DELETE FROM outbox WHERE twin_of = ?');
  const insert = database.prepare('INSERT INTO outbox (twin_of, item, notification) VALUES (?, ?, ?)');
  // The key of a transition ends with the id that it gets: one statement changes the table and its index once.
  const insertTransition = database.prepare(`
    INSERT INTO outbox (item, notification)
    SELECT ?, ? || (ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) + 1) || '"]'
  `);
  const first = database.prepare('SELECT id, item FROM outbox ORDER BY id LIMIT ?');
  const remove = database.prepare('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))');

  return {
    put(item) {
      const twinOf = item.kind === 'twin' ? item.cylinder : null;
      // The newest says all that those before it would have said.
      if (twinOf !== null) removeTwin.run(twinOf);
      const text = outboxCodec.encode(item);
      const key = notificationKey(outgoingItem({ id: 0, item }));
      if (item.kind === 'transition') insertTransition.run(text, key?.slice(0, -'0"]'.length) ?? null);
      else insert.run(twinOf, text, key);
    },
    pending: (limit) => promised(database, () => first.all(limit).map(readEntry)),
    done: (ids) =>
      promised(database, () => {
        if (ids.length > 0) remove.run(JSON.stringify(ids));
      }),
  };
};
