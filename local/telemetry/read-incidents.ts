import type { JS } from '@duckdb/node-api';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import type { IncidentQuestion } from '../../usecases/ports/line-view.ts';
import type { DuckDbTelemetry } from './duckdb-telemetry.ts';
import { timestamp } from './telemetry-schema.ts';

/** More than anybody reads. */
const MAX_INCIDENTS = 1000;

const ms = (value: JS | undefined): number | null => (value instanceof Date ? value.getTime() : null);

/** An incident from a row of the table, as JavaScript values. Throws where it holds what no incident has. */
export const incidentOfRow = (row: Readonly<Record<string, JS | undefined>>): IncidentRecord =>
  incidentCodec.fromStored(
    {
      v: 3,
      id: row.id,
      cylinder: row.cylinder,
      gateway: row.gateway,
      beganAt: ms(row.began_at),
      raisedAt: ms(row.raised_at),
      lastAbnormalAt: ms(row.last_abnormal_at),
      clearedAt: ms(row.cleared_at),
      endedBy: row.ended_by,
      severity: row.severity,
      reopenings: row.reopenings,
      acknowledgedBy: row.acknowledged_by,
      closedBy: row.closed_by,
      outcome: row.outcome,
      mode: row.mode,
      comment: row.comment,
      toldAt: ms(row.told_at),
      acknowledgedAt: ms(row.acknowledged_at),
      closedAt: ms(row.closed_at),
      advice: row.advice,
      why: row.why,
      model: row.model,
      policy: row.policy,
    },
    String(row.id),
  );

/** The incidents stored of a line, the newest first. */
export const readIncidents =
  ({ query }: Pick<DuckDbTelemetry, 'query'>) =>
  async ({ cylinder, sinceMs }: IncidentQuestion): Promise<readonly IncidentRecord[]> => {
    const rows = await query(
      `SELECT * FROM incidents
       WHERE ($1 IS NULL OR cylinder = $1) AND ($2 IS NULL OR cleared_at IS NULL OR cleared_at >= $2 OR began_at >= $2)
       ORDER BY began_at DESC LIMIT ${MAX_INCIDENTS}`,
      [cylinder, sinceMs === null ? null : timestamp(sinceMs)],
    );
    return rows.map(incidentOfRow);
  };
