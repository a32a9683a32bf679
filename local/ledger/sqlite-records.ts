import type { DatabaseSync } from 'node:sqlite';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import type { Versioned } from '../../usecases/ports/ledger.ts';

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
    names: (): readonly string[] => selectNames.all(kind).map(({ name }) => String(name)),
    /** Saves a record within the transaction that is open, unless it no longer stands at `expected`. */
    save(name: string, expected: number, record: T): boolean {
      const text = codec.encode(record);
      const { changes } =
        expected === 0 ? insert.run(kind, name, text) : update.run(text, kind, name, expected);
      if (Number(changes) === 0) return false;
      uncommitted.set(name, { record, version: expected + 1 });
      return true;
    },
    /** To be called when the transaction has been committed. */
    committed(): void {
      for (const [name, record] of uncommitted) kept.set(name, record);
      uncommitted.clear();
    },
    /** To be called when the transaction has been rolled back. */
    rolledBack: (): void => uncommitted.clear(),
  };
};
