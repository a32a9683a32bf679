import type { DatabaseSync } from 'node:sqlite';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import type { Ledger, LedgerChange, Names, SaveOutcome } from '../../usecases/ports/ledger.ts';
import type { Outbox, OutboxItem } from '../../usecases/ports/outbox.ts';
import { sqliteOutbox } from './sqlite-outbox.ts';
import { sqliteRecords } from './sqlite-records.ts';
import { promised, transaction } from './transaction.ts';

/** What goes out with a change, in its order. */
const savedItems = (change: LedgerChange): readonly OutboxItem[] => {
  const notices = change.notices.map((notice): OutboxItem => ({ kind: 'notice', notice }));
  if (change.kind === 'gateway') return notices;
  return [
    ...change.transitions.map((transition): OutboxItem => ({ kind: 'transition', transition })),
    ...change.incidents.map((incident): OutboxItem => ({ kind: 'incident', incident })),
    ...notices,
    ...(change.twin === null
      ? []
      : [{ kind: 'twin', cylinder: change.name, twin: change.twin, version: change.expected + 1 } as const]),
  ];
};

/** The ledger with its outbox, and the names of all that is on it. */
export type SqliteLedger = Ledger & Outbox & Readonly<{ names(): Promise<Names> }>;

/** The ledger and its outbox in one SQLite file, which no other process may write. All changes of a save are one commit. */
export const createSqliteLedger = ({ database }: Readonly<{ database: DatabaseSync }>): SqliteLedger => {
  const cylinders = sqliteRecords(database, 'cylinder', cylinderCodec);
  const gateways = sqliteRecords(database, 'gateway', gatewayCodec);
  const { put, ...outbox } = sqliteOutbox(database);

  const saveOne = (change: LedgerChange): SaveOutcome => {
    const saved =
      change.kind === 'cylinder'
        ? cylinders.save(change.name, change.expected, change.record)
        : gateways.save(change.name, change.expected, change.record);
    if (!saved) return 'conflict';
    for (const item of savedItems(change)) put(item);
    return 'saved';
  };

  const saveAll = (changes: readonly LedgerChange[]): readonly SaveOutcome[] => {
    try {
      const outcomes = transaction(database, () => changes.map(saveOne));
      cylinders.committed();
      gateways.committed();
      return outcomes;
    } catch (error) {
      cylinders.rolledBack();
      gateways.rolledBack();
      throw error;
    }
  };

  const names = (): Names => ({ cylinders: cylinders.names(), gateways: gateways.names() });

  return {
    ...outbox,
    cylinders: (names) => promised(database, () => cylinders.read(names)),
    gateways: (names) => promised(database, () => gateways.read(names)),
    names: () => promised(database, names),
    // All of them are in memory: looking at each costs less than an index would.
    due: () => promised(database, names),
    cylindersOf: (gateway) =>
      promised(database, () =>
        [...cylinders.read(cylinders.names())].flatMap(([name, { record }]) =>
          record.alarm.gateway === gateway ? [name] : [],
        ),
      ),
    save: (changes) => promised(database, () => (changes.length === 0 ? [] : saveAll(changes))),
  };
};
