import type { LakeColumn } from '../../../aws/firehose/documents.ts';
import { OUTCOMES } from '../../../domain/alarm/commands/command.ts';
import { type IncidentRecord, lastOfEach } from '../../../domain/incident/incident-record.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';

/** The delivery streams of what happened, named after their tables. */
export const EVENT_STREAMS = {
  notices: 'notices',
  transitions: 'transitions',
  commands: 'commands',
  quarantine: 'quarantine',
} as const;

/** A row of the lake by its columns' names. */
export type LakeRow = Readonly<Record<string, unknown>>;

/** The rows in a Firehose record: what its deserializer makes of one or more JSON documents. */
export const rowsOf = <T>(columns: readonly LakeColumn<T>[], record: Buffer): readonly LakeRow[] =>
  record
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const document: Readonly<Record<string, unknown>> = JSON.parse(line);
      return Object.fromEntries(columns.map(({ name, key }) => [name, document[key]]));
    });

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const sampleOf = (row: LakeRow): StoredSample => ({
  cylinder: text(row.cylinder) ?? '',
  gateway: text(row.gateway) ?? '',
  t: number(row.t) ?? Number.NaN,
  boot: text(row.boot),
  seq: number(row.seq),
  model: text(row.model),
  values: SENSORS.map((sensor) => number(row[sensor.toLowerCase()])),
  probability: number(row.probability) ?? Number.NaN,
  why: Array.isArray(row.why) ? row.why.map(Number) : null,
  receivedAt: number(row.received_at) ?? Number.NaN,
});

export const incidentOf = (row: LakeRow): IncidentRecord => ({
  id: text(row.id) ?? '',
  cylinder: text(row.cylinder) ?? '',
  gateway: text(row.gateway),
  beganAt: number(row.began_at) ?? Number.NaN,
  raisedAt: number(row.raised_at) ?? Number.NaN,
  lastAbnormalAt: number(row.last_abnormal_at),
  clearedAt: number(row.cleared_at),
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
  toldAt: number(row.told_at),
  acknowledgedAt: number(row.acknowledged_at),
  closedAt: number(row.closed_at),
  advice: text(row.advice),
  why: Array.isArray(row.why) ? row.why.map(Number) : null,
  model: text(row.model),
  policy: text(row.policy),
});

const lastBy = <T>(items: readonly T[], keyOf: (item: T) => unknown, before: (a: T, b: T) => boolean) => {
  const kept = new Map<unknown, T>();
  for (const item of items) {
    const known = kept.get(keyOf(item));
    if (known === undefined || before(known, item)) kept.set(keyOf(item), item);
  }
  return [...kept.values()];
};

/** What samples-once.sql says: each sample once, as it was received first. */
export const samplesOnce = (rows: readonly LakeRow[]): readonly StoredSample[] =>
  lastBy(
    rows,
    ({ cylinder, t, boot, seq }) => JSON.stringify([cylinder, t, boot, seq]),
    (known, next) => Number(next.received_at) < Number(known.received_at),
  ).map(sampleOf);

/** What incidents-last.sql says: each incident as its highest version tells it, with what any of them noted. */
export const incidentsLast = (rows: readonly LakeRow[]): readonly IncidentRecord[] =>
  lastOfEach(rows.toSorted((a, b) => Number(a.version) - Number(b.version)).map(incidentOf));
