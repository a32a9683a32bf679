import type { DatabaseSync } from 'node:sqlite';
import { outboxCodec } from '../../usecases/ledger/codecs/outbox-codec.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import type { LedgerItem, Outbox, OutboxEntry, OutboxItem } from '../../usecases/ports/outbox.ts';
import { explained, promised } from './transaction.ts';

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

export type SqliteOutbox = Outbox &
  Readonly<{
    /** Belongs into the transaction of a save. */
    put(item: OutboxItem): void;
    /** What waits beside notifications, after the entry of that id. */
    pendingBeside(afterId: number, limit: number): Promise<readonly OutboxEntry[]>;
  }>;

/** The outbox in the ledger's file. */
export const sqliteOutbox = (database: DatabaseSync): SqliteOutbox => {
  const removeTwin = database.prepare('DELETE FROM outbox WHERE twin_of = ?');
  const insert = database.prepare('INSERT INTO outbox (twin_of, item, notification) VALUES (?, ?, ?)');
  // The key of a transition ends with the id that it gets: one statement changes the table and its index once.
  const insertTransition = database.prepare(`
    INSERT INTO outbox (item, notification)
    SELECT ?, ? || (ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) + 1) || '"]'
  `);
  const first = database.prepare('SELECT id, item FROM outbox ORDER BY id LIMIT ?');
  const beside = database.prepare(
    'SELECT id, item FROM outbox WHERE id > ? AND notification IS NULL ORDER BY id LIMIT ?',
  );
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
    pendingBeside: (afterId, limit) => promised(database, () => beside.all(afterId, limit).map(readEntry)),
    done: (ids) =>
      promised(database, () => {
        if (ids.length > 0) remove.run(JSON.stringify(ids));
      }),
  };
};

/** Of each cylinder that something waits for, in the outbox or at a channel, since when its samples tell of that, ms. */
export const waitingSince = (database: DatabaseSync): ReadonlyMap<string, number> => {
  const select = database.prepare(
    'SELECT id, item FROM outbox WHERE twin_of IS NULL UNION ALL SELECT id, item FROM deliveries',
  );
  const since = new Map<string, number>();
  for (const row of explained(database, () => select.all())) {
    const [cylinder, ms] = subjectSince(readEntry(row).item) ?? [];
    if (cylinder !== undefined && ms !== undefined)
      since.set(cylinder, Math.min(ms, since.get(cylinder) ?? Infinity));
  }
  return since;
};

const subjectSince = (item: OutboxItem): readonly [cylinder: string, ms: number] | null => {
  switch (item.kind) {
    case 'notice': {
      const { output, facts } = item.notice;
      return 'cylinder' in output ? [output.cylinder, facts?.beganAt ?? output.at] : null;
    }
    case 'incident':
      return [item.incident.cylinder, item.incident.beganAt];
    case 'transition':
    case 'twin':
      return null;
  }
};
