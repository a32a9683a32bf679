import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type IncidentRecord, withMarksOf } from '../../domain/incident/incident-record.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import type { DeskQuestion } from '../../usecases/ports/desk-view.ts';
import { explained, transaction } from './transaction.ts';

/** A condition with its values, for each thing that a question says. */
const conditionsOf = (
  asked: DeskQuestion,
): readonly (readonly [sql: string, ...values: SQLInputValue[]])[] => {
  const { cylinder, open, severity, outcome, from, to, after } = asked;
  return [
    ...(cylinder === null ? [] : [['cylinder = ?', cylinder] as const]),
    ...(open === null ? [] : [[open ? 'cleared_at IS NULL' : 'cleared_at IS NOT NULL'] as const]),
    ...(severity === null ? [] : [['severity = ?', severity] as const]),
    ...(outcome === null
      ? []
      : [outcome === 'none' ? (['outcome IS NULL'] as const) : (['outcome = ?', outcome] as const)]),
    ...(from === null ? [] : [['(cleared_at IS NULL OR cleared_at >= ?)', from] as const]),
    ...(to === null ? [] : [['began_at <= ?', to] as const]),
    ...(after === null ? [] : [['(began_at, id) < (?, ?)', after.beganAt, after.id] as const]),
  ];
};

/** The incidents in the ledger's file, as the desk asks for them. */
export const sqliteIncidents = (database: DatabaseSync) => {
  const insert = database.prepare(`
    INSERT OR REPLACE INTO incidents (id, cylinder, began_at, cleared_at, severity, outcome, record)
    VALUES (?, ?, ?, ?, ?, ?, ?)
  `);
  const one = database.prepare('SELECT record FROM incidents WHERE id = ?');
  const any = database.prepare('SELECT 1 FROM incidents LIMIT 1');
  const read = ({ record }: Readonly<Record<string, unknown>>): IncidentRecord =>
    incidentCodec.decode(String(record), 'of the ledger');
  /** Belongs into the transaction of a save. */
  const put = (next: IncidentRecord): void => {
    const row = one.get(next.id);
    const incident = withMarksOf(row === undefined ? undefined : read(row), next);
    const { id, cylinder, beganAt, clearedAt, severity, outcome } = incident;
    insert.run(id, cylinder, beganAt, clearedAt, severity, outcome, incidentCodec.encode(incident));
  };
  return {
    put,
    /** Takes over what was stored elsewhere before the ledger kept any. */
    begin: async (known: () => Promise<readonly IncidentRecord[]>): Promise<void> => {
      if (explained(database, () => any.get()) !== undefined) return;
      const incidents = await known();
      explained(database, () => transaction(database, () => incidents.forEach(put)));
    },
    find: (id: string): IncidentRecord | null =>
      explained(database, () => {
        const row = one.get(id);
        return row === undefined ? null : read(row);
      }),
    /** The newest first. */
    list: (asked: DeskQuestion): readonly IncidentRecord[] => {
      const conditions = conditionsOf(asked);
      const where = conditions.map(([sql]) => sql).join(' AND ') || 'true';
      const values = conditions.flatMap(([, ...given]) => given);
      return explained(database, () =>
        database
          .prepare(`SELECT record FROM incidents WHERE ${where} ORDER BY began_at DESC, id DESC LIMIT ?`)
          .all(...values, asked.limit)
          .map(read),
      );
    },
  };
};
