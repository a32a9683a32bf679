import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';
import { promised, transaction } from '../ledger/transaction.ts';

/** Names a message by its topic, bytes and time of receipt; a topic holds no NUL, so that nothing runs together. */
const messageHash = ({ topic, body, receivedAt }: RawMessage): Uint8Array =>
  createHash('sha256').update(`${topic}\0${receivedAt}\0`).update(body).digest();

/** What a row takes beside its bytes, so that many tiny messages are bounded too. */
const ROW_BYTES = 1024;

const parseRejections = (text: string): readonly Rejection[] => JSON.parse(text);

const recordOf = (row: Record<string, SQLOutputValue>): QuarantineRecord => ({
  raw: {
    topic: String(row.topic),
    body: row.body instanceof Uint8Array ? row.body : new Uint8Array(),
    receivedAt: Number(row.received_at),
    client: row.client === null ? null : String(row.client),
  },
  rejections: parseRejections(String(row.rejections)),
});

/** Messages kept, what they take in bytes, and messages dropped for good. */
type QuarantineTotals = Readonly<{ messages: number; bytes: number; dropped: number }>;

/** The quarantine's tables in the ledger's file, statement by statement. */
const quarantineTable = (database: DatabaseSync) => {
  const find = database.prepare('SELECT rejections FROM quarantine WHERE hash = ?');
  const amend = database.prepare('UPDATE quarantine SET rejections = ? WHERE hash = ?');
  const insert = database.prepare(
    'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const newest = database.prepare('SELECT * FROM quarantine ORDER BY id DESC LIMIT ?');
  const removeOldest = database.prepare(
    'DELETE FROM quarantine WHERE id = (SELECT min(id) FROM quarantine) RETURNING length(body) AS bytes',
  );
  const totals = database.prepare('SELECT messages, bytes, dropped FROM quarantine_totals');
  const count = database.prepare(
    'UPDATE quarantine_totals SET messages = messages + ?, bytes = bytes + ?, dropped = dropped + ?',
  );

  return {
    rejectionsOf(hash: Uint8Array): readonly Rejection[] | null {
      const row = find.get(hash);
      return row === undefined ? null : parseRejections(String(row.rejections));
    },
    amend(hash: Uint8Array, rejections: readonly Rejection[]): void {
      amend.run(JSON.stringify(rejections), hash);
    },
    insert(hash: Uint8Array, raw: RawMessage, rejections: readonly Rejection[]): void {
      insert.run(hash, raw.topic, raw.body, raw.receivedAt, raw.client, JSON.stringify(rejections));
      count.run(1, raw.body.byteLength + ROW_BYTES, 0);
    },
    /** Drops the oldest message for good, and counts it. */
    dropOldest(): void {
      const row = removeOldest.get();
      if (row !== undefined) count.run(-1, -Number(row.bytes) - ROW_BYTES, 1);
    },
    newest: (limit: number): readonly QuarantineRecord[] => newest.all(limit).map(recordOf),
    totals(): QuarantineTotals {
      const row = totals.get();
      return { messages: Number(row?.messages), bytes: Number(row?.bytes), dropped: Number(row?.dropped) };
    },
  };
};

/** Room for two days of a device that sends nonsense once a second. */
const MAX_BYTES = 256 * 1024 * 1024;

export type SqliteQuarantine = Quarantine &
  Readonly<{
    /** The messages put last, the latest first. */
    list(limit: number): readonly QuarantineRecord[];
    count(): number;
    /** How many were dropped for good, the oldest first, to keep within the bound. */
    dropped(): number;
  }>;

type Options = Readonly<{ database: DatabaseSync; maxBytes?: number }>;

const merged = (before: readonly Rejection[], added: readonly Rejection[]): readonly Rejection[] => [
  ...new Map([...before, ...added].map((rejection) => [JSON.stringify(rejection), rejection])).values(),
];

/** The quarantine in the ledger's file, up to `maxBytes` (256 MiB): then the oldest messages make room for new ones. */
export const createSqliteQuarantine = ({ database, maxBytes = MAX_BYTES }: Options): SqliteQuarantine => {
  const table = quarantineTable(database);

  const putOne = ({ raw, rejections }: QuarantineRecord): void => {
    const hash = messageHash(raw);
    const before = table.rejectionsOf(hash);
    if (before === null) table.insert(hash, raw, rejections);
    else table.amend(hash, merged(before, rejections));
  };

  const putAll = (records: readonly QuarantineRecord[]): void => {
    for (const record of records) putOne(record);
    while (table.totals().bytes > maxBytes) table.dropOldest();
  };

  return {
    put: (records) =>
      promised(database, () => {
        if (records.length > 0) transaction(database, () => putAll(records));
      }),
    list: table.newest,
    count: () => table.totals().messages,
    dropped: () => table.totals().dropped,
  };
};
