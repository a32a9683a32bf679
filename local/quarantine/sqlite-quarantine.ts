import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RawMessage } from '../../domain/message/read-message.ts';
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
  const find = database.prepare('SELECT rejections FROM quarantine WHERE hash = ?');
  const amend = database.prepare('UPDATE quarantine SET rejections = ? WHERE hash = ?');
  const insert = database.prepare(
    'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const newest = database.prepare('SELECT * FROM quarantine ORDER BY id DESC LIMIT ?');
  const removeOldest = database.prepare(
    'DELETE FROM quarantine WHERE id = (SELECT min(id) FROM quarantine) RETURNING length(body) AS bytes',
  );
  const select = database.prepare('SELECT messages, bytes, dropped FROM quarantine_totals');
  const add = database.prepare(
    'UPDATE quarantine_totals SET messages = messages + ?, bytes = bytes + ?, dropped = dropped + ?',
  );
  const total = (column: 'messages' | 'bytes' | 'dropped'): number => Number(select.get()?.[column]);

  const putOne = ({ raw, rejections }: QuarantineRecord): void => {
    const hash = messageHash(raw);
    const row = find.get(hash);
    if (row !== undefined) {
      amend.run(JSON.stringify(merged(parseRejections(String(row.rejections)), rejections)), hash);
      return;
    }
    insert.run(hash, raw.topic, raw.body, raw.receivedAt, raw.client, JSON.stringify(rejections));
    add.run(1, raw.body.byteLength + ROW_BYTES, 0);
  };

  const putAll = (records: readonly QuarantineRecord[]): void => {
    for (const record of records) putOne(record);
    while (total('bytes') > maxBytes) {
      const row = removeOldest.get();
      if (row === undefined) return;
      add.run(-1, -Number(row.bytes) - ROW_BYTES, 1);
    }
  };

  return {
    put: (records) =>
      promised(database, () => {
        if (records.length > 0) transaction(database, () => putAll(records));
      }),
    list: (limit) => newest.all(limit).map(recordOf),
    count: () => total('messages'),
    dropped: () => total('dropped'),
  };
};
