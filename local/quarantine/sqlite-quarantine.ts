import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import type { QuarantineSummary } from '../../usecases/ports/line-view.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';
import { explained, promised, transaction } from '../ledger/transaction.ts';

/** Names a message by its topic, bytes and time of receipt; a topic holds no NUL, so that nothing runs together. */
const messageHash = ({ topic, body, receivedAt }: RawMessage): Uint8Array =>
  createHash('sha256').update(`${topic}\0${receivedAt}\0`).update(body).digest();

/** What a row takes beside its bytes, so that many tiny messages are bounded too. */
const ROW_BYTES = 1024;

const parseRejections = (text: string): readonly Rejection[] => JSON.parse(text);

const recordOf = (row: Record<string, SQLOutputValue>): Quarantined => ({
  id: Number(row.id),
  raw: {
    topic: String(row.topic),
    body: row.body instanceof Uint8Array ? row.body : new Uint8Array(),
    receivedAt: Number(row.received_at),
    client: row.client === null ? null : String(row.client),
  },
  rejections: parseRejections(String(row.rejections)),
});

const kindOf = (row: Record<string, SQLOutputValue>): QuarantineKind => ({
  topic: String(row.topic),
  cylinder: row.cylinder === '' ? null : String(row.cylinder),
  reason: String(row.reason),
  messages: Number(row.messages),
  firstAt: Number(row.first_at),
  lastAt: Number(row.last_at),
  client: row.client === null ? null : String(row.client),
  detail: String(row.detail),
});

const LOOKED_THROUGH = 20_000;

/** Room for two days of a device that sends nonsense once a second. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What messages lie in quarantine for, and whose they are; `client` and `detail` are of the last one. */
export type QuarantineKind = QuarantineSummary['kinds'][number];

/** A message in quarantine by its number there; a later one has a higher number. */
export type Quarantined = QuarantineRecord & Readonly<{ id: number }>;

export type SqliteQuarantine = Quarantine &
  Readonly<{
    /** The messages put last, the latest first; of those that are meant, so many among the latest 20,000. */
    list(limit: number, isMeant?: (message: Quarantined) => boolean): readonly Quarantined[];
    /** The messages after the one of that number, in their order. */
    after(id: number, limit: number): readonly Quarantined[];
    has(raw: RawMessage): boolean;
    /** Takes messages out by their numbers. */
    remove(ids: readonly number[]): void;
    /** What the messages are there for, the latest first. */
    kinds(limit: number): readonly QuarantineKind[];
    count(): number;
    /** How many were dropped for good, the oldest first, to keep within the bound. */
    dropped(): number;
  }>;

type Options = Readonly<{
  database: DatabaseSync;
  maxBytes?: number;
  /** Gets each message that is put, once for each thing that is wrong with it. */
  onPut?: (kind: Omit<QuarantineKind, 'messages' | 'firstAt'>) => void;
}>;

/** What is wrong with a message, each kind of it once. */
const kindsIn = (rejections: readonly Rejection[]): readonly Rejection[] => [
  ...new Map(rejections.map((one) => [JSON.stringify([one.cylinder, one.reason]), one])).values(),
];

const merged = (before: readonly Rejection[], added: readonly Rejection[]): readonly Rejection[] => [
  ...new Map([...before, ...added].map((rejection) => [JSON.stringify(rejection), rejection])).values(),
];

/** The quarantine in the ledger's file, up to `maxBytes` (256 MiB): then the oldest messages make room for new ones. */
export const createSqliteQuarantine = ({
  database,
  maxBytes = MAX_BYTES,
  onPut = () => undefined,
}: Options): SqliteQuarantine => {
  const find = database.prepare('SELECT rejections FROM quarantine WHERE hash = ?');
  const amend = database.prepare('UPDATE quarantine SET rejections = ? WHERE hash = ?');
  const insert = database.prepare(
    'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const newest = database.prepare('SELECT * FROM quarantine ORDER BY id DESC LIMIT ?');
  const later = database.prepare('SELECT * FROM quarantine WHERE id > ? ORDER BY id LIMIT ?');
  const selectOldest = database.prepare('SELECT min(id) AS id FROM quarantine');
  const remove = database.prepare(
    'DELETE FROM quarantine WHERE id = ? RETURNING length(body) AS bytes, topic, rejections',
  );
  const addKind = database.prepare(`
    INSERT INTO quarantine_kinds VALUES (:topic, :cylinder, :reason, 1, :at, :at, :client, :detail)
    ON CONFLICT DO UPDATE SET messages = messages + 1, last_at = max(last_at, excluded.last_at),
      client = excluded.client, detail = excluded.detail
  `);
  const subtractKind = database.prepare(
    'UPDATE quarantine_kinds SET messages = messages - 1 WHERE topic = ? AND cylinder = ? AND reason = ?',
  );
  const removeKind = database.prepare(
    'DELETE FROM quarantine_kinds WHERE topic = ? AND cylinder = ? AND reason = ? AND messages < 1',
  );
  const selectKinds = database.prepare('SELECT * FROM quarantine_kinds ORDER BY last_at DESC, topic LIMIT ?');
  const select = database.prepare('SELECT messages, bytes, dropped FROM quarantine_totals');
  const add = database.prepare(
    'UPDATE quarantine_totals SET messages = messages + ?, bytes = bytes + ?, dropped = dropped + ?',
  );
  const total = (column: 'messages' | 'bytes' | 'dropped'): number => Number(select.get()?.[column]);

  const addKinds = ({ topic, receivedAt, client }: RawMessage, rejections: readonly Rejection[]): void => {
    for (const { cylinder, reason, detail } of rejections) {
      addKind.run({ topic, cylinder: cylinder ?? '', reason, at: receivedAt, client, detail });
      onPut({ topic, cylinder, reason, lastAt: receivedAt, client, detail });
    }
  };

  const putOne = ({ raw, rejections }: QuarantineRecord): void => {
    const hash = messageHash(raw);
    const row = find.get(hash);
    if (row !== undefined) {
      const before = parseRejections(String(row.rejections));
      const all = merged(before, rejections);
      amend.run(JSON.stringify(all), hash);
      addKinds(raw, kindsIn(all).slice(kindsIn(before).length));
      return;
    }
    insert.run(hash, raw.topic, raw.body, raw.receivedAt, raw.client, JSON.stringify(rejections));
    add.run(1, raw.body.byteLength + ROW_BYTES, 0);
    addKinds(raw, kindsIn(rejections));
  };

  /** Whether there was such a message. */
  const removeOne = (id: number, dropped: 0 | 1): boolean => {
    const row = remove.get(id);
    if (row === undefined) return false;
    add.run(-1, -Number(row.bytes) - ROW_BYTES, dropped);
    for (const { cylinder, reason } of kindsIn(parseRejections(String(row.rejections)))) {
      const key = [String(row.topic), cylinder ?? '', reason] as const;
      subtractKind.run(...key);
      removeKind.run(...key);
    }
    return true;
  };

  const putAll = (records: readonly QuarantineRecord[]): void => {
    for (const record of records) putOne(record);
    while (total('bytes') > maxBytes) if (!removeOne(Number(selectOldest.get()?.id), 1)) return;
  };

  return {
    put: (records) =>
      promised(database, () => {
        if (records.length > 0) transaction(database, () => putAll(records));
      }),
    list: (limit, isMeant = () => true) =>
      explained(database, () =>
        newest.iterate(LOOKED_THROUGH).map(recordOf).filter(isMeant).take(limit).toArray(),
      ),
    after: (id, limit) => explained(database, () => later.all(id, limit).map(recordOf)),
    has: (raw) => find.get(messageHash(raw)) !== undefined,
    remove: (ids) =>
      transaction(database, () => {
        for (const id of ids) removeOne(id, 0);
      }),
    kinds: (limit) => explained(database, () => selectKinds.all(limit).map(kindOf)),
    count: () => total('messages'),
    dropped: () => total('dropped'),
  };
};
