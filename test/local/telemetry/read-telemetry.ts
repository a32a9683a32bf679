import type { JS } from '@duckdb/node-api';
import { OUTCOMES } from '../../../domain/alarm/commands/command.ts';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import type { DuckDbTelemetry, TelemetryRow } from '../../../local/telemetry/duckdb-telemetry.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';

const text = (value: JS | undefined): string | null => (typeof value === 'string' ? value : null);
const ms = (value: JS | undefined): number | null => (value instanceof Date ? value.getTime() : null);
const number = (value: JS | undefined): number | null =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;

const sampleOf = (row: TelemetryRow): StoredSample => ({
  cylinder: text(row.cylinder) ?? '',
  gateway: text(row.gateway) ?? '',
  t: ms(row.t) ?? Number.NaN,
  boot: text(row.boot),
  seq: number(row.seq),
  model: text(row.model),
  values: SENSORS.map((sensor) => number(row[sensor])),
  probability: number(row.probability) ?? Number.NaN,
  why: Array.isArray(row.why) ? row.why.map(Number) : null,
  receivedAt: ms(row.received_at) ?? Number.NaN,
});

const incidentOf = (row: TelemetryRow): IncidentRecord => ({
  id: text(row.id) ?? '',
  cylinder: text(row.cylinder) ?? '',
  gateway: text(row.gateway),
  beganAt: ms(row.began_at) ?? Number.NaN,
  raisedAt: ms(row.raised_at) ?? Number.NaN,
  lastAbnormalAt: ms(row.last_abnormal_at),
  clearedAt: ms(row.cleared_at),
  endedBy:
    row.ended_by === 'clearing' || row.ended_by === 'maintenance' || row.ended_by === 'policy'
      ? row.ended_by
      : null,
  severity: text(row.severity) ?? '',
  reopenings: number(row.reopenings) ?? Number.NaN,
  acknowledgedBy: text(row.acknowledged_by),
  closedBy: text(row.closed_by),
  outcome: OUTCOMES.find((outcome) => outcome === row.outcome) ?? null,
  mode: text(row.mode),
  comment: text(row.comment),
  toldAt: ms(row.told_at),
  acknowledgedAt: ms(row.acknowledged_at),
  closedAt: ms(row.closed_at),
  advice: text(row.advice),
  why: Array.isArray(row.why) ? row.why.map(Number) : null,
  model: text(row.model),
  policy: text(row.policy),
});

export const readSamples = async (store: DuckDbTelemetry): Promise<readonly StoredSample[]> =>
  (await store.query('SELECT * FROM samples')).map(sampleOf);

export const readIncidents = async (store: DuckDbTelemetry): Promise<readonly IncidentRecord[]> =>
  (await store.query('SELECT * FROM incidents')).map(incidentOf);
