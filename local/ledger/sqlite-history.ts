import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  ROLLUP_MS,
  type Rollup,
  type RollupFigures,
  readRollup,
  startOfRollup,
} from '../../domain/cylinder/rollup.ts';
import {
  type CourseEntry,
  type CourseEvent,
  type IncidentRecord,
  withMarksOf,
} from '../../domain/incident/incident-record.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { courseCodec, notifiedEvent } from '../../usecases/ledger/course-events.ts';
import type { DeskQuestion } from '../../usecases/ports/desk-view.ts';
import type { SentNotice } from '../../usecases/ports/notification-log.ts';
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

/** So long a roll-up is kept, ms. */
const KEPT_MS = 8 * 86_400_000;
/** What is older goes with the roll-ups of each full hour. */
const SWEEP_EVERY_MS = 3_600_000;

/** The roll-ups in the ledger's file. */
export const sqliteRollups = (database: DatabaseSync) => {
  const insert = database.prepare('INSERT OR REPLACE INTO rollups (cylinder, t, rollup) VALUES (?, ?, ?)');
  const sweep = database.prepare('DELETE FROM rollups WHERE t < ?');
  const select = database.prepare(
    'SELECT rollup FROM rollups WHERE cylinder = ? AND t > ? AND t <= ? ORDER BY t LIMIT 5000',
  );
  return {
    /** Belongs into the transaction of a save. */
    put: (cylinder: string, rollup: Rollup): void => {
      const t = startOfRollup(rollup);
      insert.run(cylinder, t, rollup);
      if (t % SWEEP_EVERY_MS === 0) sweep.run(t - KEPT_MS);
    },
    /** Those of which some part lies between two times, ms, the earliest first. */
    read: (cylinder: string, from: number, to: number): readonly RollupFigures[] =>
      explained(database, () =>
        select.all(cylinder, from - ROLLUP_MS, to).flatMap(({ rollup }) => readRollup(String(rollup)) ?? []),
      ),
  };
};

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

const sentNotice = (row: Readonly<Record<string, unknown>>): SentNotice => ({
  id: String(row.id),
  type: String(row.type),
  cylinder: textOrNull(row.cylinder),
  gateway: textOrNull(row.gateway),
  incident: textOrNull(row.incident),
  at: Number(row.at),
  channel: textOrNull(row.channel),
  sentAt: numberOrNull(row.sent_at),
  error: textOrNull(row.error),
});

/** More steps than these an incident does not keep: its first ones, and the latest. */
const MAX_STEPS = 500;
const FIRST_STEPS = 50;

/** What happened to incidents, and who was notified, in the ledger's file. */
export const sqliteCourse = (database: DatabaseSync) => {
  const insert = database.prepare('INSERT INTO course (incident, cylinder, at, event) VALUES (?, ?, ?, ?)');
  const trim = database.prepare(`
    DELETE FROM course WHERE rowid = (
      SELECT rowid FROM course WHERE incident = ?1 ORDER BY at, rowid LIMIT 1 OFFSET ${FIRST_STEPS}
    ) AND (SELECT count(*) FROM course WHERE incident = ?1) > ${MAX_STEPS}
  `);
  const forget = database.prepare(
    'DELETE FROM course WHERE at < ? AND incident NOT IN (SELECT id FROM incidents WHERE cleared_at IS NULL)',
  );
  const steps = database.prepare(
    `SELECT event FROM course WHERE incident = ? ORDER BY at, rowid LIMIT ${MAX_STEPS}`,
  );
  const ofIncident = database.prepare(
    'SELECT * FROM sent_notices WHERE incident = ? ORDER BY at DESC, channel LIMIT ?',
  );
  const ofCylinder = database.prepare(
    'SELECT * FROM sent_notices WHERE cylinder = ? ORDER BY at DESC, channel LIMIT ?',
  );
  const latest = database.prepare('SELECT * FROM sent_notices ORDER BY at DESC, channel LIMIT ?');
  const noticesOf = (
    incident: string | null,
    cylinder: string | null,
    limit: number,
  ): readonly SentNotice[] =>
    explained(database, () => {
      if (incident !== null) return ofIncident.all(incident, limit).map(sentNotice);
      return (cylinder === null ? latest.all(limit) : ofCylinder.all(cylinder, limit)).map(sentNotice);
    });
  return {
    /** Belongs into the transaction of a save. */
    put: (cylinder: string, { incident, event }: CourseEntry): void => {
      insert.run(incident, cylinder, event.at, courseCodec.encode(event));
      trim.run(incident);
    },
    /** Forgets what happened before a time, ms, to incidents that are over. */
    sweep: (before: number): void => void explained(database, () => forget.run(before)),
    read: (incident: string): readonly CourseEvent[] => [
      ...explained(database, () =>
        steps.all(incident).map(({ event }) => courseCodec.decode(String(event), `of ${incident}`)),
      ),
      ...noticesOf(incident, null, MAX_STEPS)
        .filter(({ sentAt, error }) => sentAt !== null || error !== null)
        .map(notifiedEvent),
    ],
    /** The newest first. */
    notices: noticesOf,
  };
};
