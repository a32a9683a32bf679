import type { DatabaseSync } from 'node:sqlite';
import type { CourseEntry, CourseEvent } from '../../domain/incident/incident-record.ts';
import { courseCodec, notifiedEvent } from '../../usecases/ledger/course-events.ts';
import type { SentNotice } from '../../usecases/ports/desk-view.ts';
import { explained } from './transaction.ts';

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
