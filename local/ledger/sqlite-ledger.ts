import type { DatabaseSync } from 'node:sqlite';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import type { Ledger, LedgerChange, Names, SaveOutcome, Versioned } from '../../usecases/ports/ledger.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import { gathered } from '../run/gathered.ts';
import { sqliteCourse, sqliteIncidents, sqliteRollups } from './sqlite-history.ts';
import { type SqliteOutbox, sqliteOutbox } from './sqlite-outbox.ts';
import { promised, transaction } from './transaction.ts';

/**
 * The records of one kind, with their versions. No other process writes them, so that what was read or saved once is
 * handed out from memory: the very object that was saved.
 */
export const sqliteRecords = <T>(
  database: DatabaseSync,
  kind: 'cylinder' | 'gateway',
  codec: RecordCodec<T>,
) => {
  const select = database.prepare('SELECT version, record FROM records WHERE kind = ? AND name = ?');
  const selectNames = database.prepare('SELECT name FROM records WHERE kind = ? ORDER BY name');
  const insert = database.prepare(
    'INSERT INTO records (kind, name, version, record) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING',
  );
  const update = database.prepare(
    'UPDATE records SET version = version + 1, record = ? WHERE kind = ? AND name = ? AND version = ?',
  );
  const kept = new Map<string, Versioned<T>>();
  const uncommitted = new Map<string, Versioned<T>>();
  let names: readonly string[] | null = null;

  const load = (name: string): Versioned<T> | undefined => {
    const row = select.get(kind, name);
    if (row === undefined) return undefined;
    const record = codec.decode(String(row.record), name);
    const found = { record, version: Number(row.version) };
    kept.set(name, found);
    return found;
  };

  return {
    /** The records there are, by name. */
    read(names: readonly string[]): ReadonlyMap<string, Versioned<T>> {
      const found = new Map<string, Versioned<T>>();
      for (const name of names) {
        const record = kept.get(name) ?? load(name);
        if (record !== undefined) found.set(name, record);
      }
      return found;
    },
    names(): readonly string[] {
      names ??= selectNames.all(kind).map(({ name }) => String(name));
      return names;
    },
    /** Saves a record within the transaction that is open, unless it no longer stands at `expected`. */
    save(name: string, expected: number, record: T): boolean {
      const text = codec.encode(record);
      const { changes } =
        expected === 0 ? insert.run(kind, name, text) : update.run(text, kind, name, expected);
      if (Number(changes) === 0) return false;
      if (expected === 0) names = null;
      uncommitted.set(name, { record, version: expected + 1 });
      return true;
    },
    /** Has a record in memory from the commit on, and in the file with the next save of it. */
    remember(name: string, expected: number, record: T): boolean {
      if (kept.get(name)?.version !== expected) return false;
      uncommitted.set(name, { record, version: expected });
      return true;
    },
    /** To be called when the transaction has been committed. */
    committed(): void {
      for (const [name, record] of uncommitted) kept.set(name, record);
      uncommitted.clear();
    },
    /** To be called when the transaction has been rolled back. */
    rolledBack(): void {
      uncommitted.clear();
      names = null;
    },
  };
};

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
export type SqliteLedger = Ledger & Omit<SqliteOutbox, 'put'> & Readonly<{ names(): Promise<Names> }>;

/** The ledger and its outbox in one SQLite file, which no other process may write. All saves of one turn are one commit. */
export const createSqliteLedger = ({ database }: Readonly<{ database: DatabaseSync }>): SqliteLedger => {
  const cylinders = sqliteRecords(database, 'cylinder', cylinderCodec);
  const gateways = sqliteRecords(database, 'gateway', gatewayCodec);
  const { put, ...outbox } = sqliteOutbox(database);
  const incidents = sqliteIncidents(database);
  const rollups = sqliteRollups(database);
  const course = sqliteCourse(database);

  const saveOne = (change: LedgerChange): SaveOutcome => {
    if (change.kind === 'cylinder' && change.isPassing === true)
      return cylinders.remember(change.name, change.expected, change.record) ? 'saved' : 'conflict';
    const saved =
      change.kind === 'cylinder'
        ? cylinders.save(change.name, change.expected, change.record)
        : gateways.save(change.name, change.expected, change.record);
    if (!saved) return 'conflict';
    for (const item of savedItems(change)) put(item);
    if (change.kind === 'cylinder') {
      for (const incident of change.incidents) incidents.put(incident);
      for (const entry of change.course ?? []) course.put(change.name, entry);
      for (const rollup of change.rollups ?? []) rollups.put(change.name, rollup);
    }
    return 'saved';
  };

  const saveChanges = (changes: readonly LedgerChange[]): readonly SaveOutcome[] => {
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

  const together = gathered((all: readonly (readonly LedgerChange[])[]) => {
    const outcomes = saveChanges(all.flat());
    let to = 0;
    return all.map(({ length }) => {
      to += length;
      return outcomes.slice(to - length, to);
    });
  });

  const save = async (changes: readonly LedgerChange[]): Promise<readonly SaveOutcome[]> => {
    if (changes.length === 0) return [];
    // Where the saves of one turn fail together, each goes by itself: none fails for another's sake.
    return await together(changes).catch(() => promised(database, () => saveChanges(changes)));
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
    save,
  };
};

/** The records of all that is on a ledger, by name. */
export const allRecords = (ledger: SqliteLedger) => {
  const recordsOf = <T>(found: ReadonlyMap<string, Versioned<T>>): ReadonlyMap<string, T> =>
    new Map([...found].map(([name, { record }]) => [name, record]));
  return {
    cylinders: async () => recordsOf(await ledger.cylinders((await ledger.names()).cylinders)),
    gateways: async () => recordsOf(await ledger.gateways((await ledger.names()).gateways)),
  };
};
