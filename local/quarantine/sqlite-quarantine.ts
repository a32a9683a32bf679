import type { DatabaseSync } from 'node:sqlite';
import type { Rejection } from '../../domain/message/rejection.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';
import { promised, transaction } from '../ledger/transaction.ts';
import { messageHash } from './message-hash.ts';
import { quarantineTable } from './quarantine-table.ts';

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
