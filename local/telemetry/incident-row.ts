import type { DuckDBTimestampValue } from '@duckdb/node-api';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { timestamp } from './timestamp.ts';

type Cell = string | number | null | DuckDBTimestampValue;

const timestampOrNull = (ms: number | null): DuckDBTimestampValue | null =>
  ms === null ? null : timestamp(ms);

const row = (incident: IncidentRecord): Readonly<Record<string, Cell>> => ({
  id: incident.id,
  cylinder: incident.cylinder,
  gateway: incident.gateway,
  began_at: timestamp(incident.beganAt),
  raised_at: timestamp(incident.raisedAt),
  cleared_at: timestampOrNull(incident.clearedAt),
  ended_by: incident.endedBy,
  severity: incident.severity,
  reopenings: incident.reopenings,
  acknowledged_by: incident.acknowledgedBy,
  closed_by: incident.closedBy,
  outcome: incident.outcome,
  mode: incident.mode,
  comment: incident.comment,
});

/** The statement, with its values, that puts an incident in place of what was stored of it before. */
export const incidentStatement = (incident: IncidentRecord): Readonly<{ sql: string; values: Cell[] }> => {
  const cells = Object.entries(row(incident));
  const columns = cells.map(([column]) => column).join(', ');
  const places = cells.map((_, index) => `$${index + 1}`).join(', ');
  return {
    sql: `INSERT OR REPLACE INTO incidents (${columns}) VALUES (${places})`,
    values: cells.map(([, value]) => value),
  };
};
