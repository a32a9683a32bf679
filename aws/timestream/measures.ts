import type { MeasureValue } from '@aws-sdk/client-timestream-write';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';

type Value = string | number | null;
type Row = readonly (readonly [name: string, type: 'DOUBLE' | 'BIGINT' | 'VARCHAR', value: Value])[];

// Text of a number as JavaScript writes it is the shortest that reads back as the same double.
const measures = (row: Row): MeasureValue[] =>
  row.flatMap(([Name, Type, value]) =>
    value === null || value === '' ? [] : [{ Name, Type, Value: String(value) }],
  );

/** The measures of a sample, none where a sensor did not answer. `received_at` is in ms since the epoch. */
export const sampleMeasures = ({ seq, values, probability, why, receivedAt }: StoredSample): MeasureValue[] =>
  measures([
    ...SENSORS.map((sensor, index) => [sensor, 'DOUBLE', values[index] ?? null] as const),
    ['probability', 'DOUBLE', probability],
    ...(why ?? []).map((share, index) => [`why${index + 1}`, 'DOUBLE', share] as const),
    ['seq', 'BIGINT', seq],
    ['received_at', 'BIGINT', receivedAt],
  ]);

/** The measures of an incident, none where it has not come to that. Times are in ms since the epoch. */
export const incidentMeasures = (incident: IncidentRecord): MeasureValue[] =>
  measures([
    // In a table with samples too, `gateway` is a dimension, and a name is one or the other.
    ['incident_gateway', 'VARCHAR', incident.gateway],
    ['began_at', 'BIGINT', incident.beganAt],
    ['raised_at', 'BIGINT', incident.raisedAt],
    ['cleared_at', 'BIGINT', incident.clearedAt],
    ['ended_by', 'VARCHAR', incident.endedBy],
    ['severity', 'VARCHAR', incident.severity],
    ['reopenings', 'BIGINT', incident.reopenings],
    ['acknowledged_by', 'VARCHAR', incident.acknowledgedBy],
    ['closed_by', 'VARCHAR', incident.closedBy],
    ['outcome', 'VARCHAR', incident.outcome],
    ['mode', 'VARCHAR', incident.mode],
    ['comment', 'VARCHAR', incident.comment],
  ]);
