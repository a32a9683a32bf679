import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';

type Value = string | number | null | readonly number[];

/** A column of the lake: its Glue type, the key that it has in a JSON document (short, every byte is paid), its value. */
export type LakeColumn<T> = Readonly<{
  name: string;
  type: 'string' | 'bigint' | 'double' | 'array<double>';
  key: string;
  of: (row: T) => Value;
}>;

/** An incident as it is written: `version` grows, and the row with the highest one holds. */
export type VersionedIncident = IncidentRecord & Readonly<{ version: number }>;

/** The columns of `samples` in order; times are ms since the epoch. */
export const SAMPLE_COLUMNS: readonly LakeColumn<StoredSample>[] = [
  { name: 'cylinder', type: 'string', key: 'c', of: ({ cylinder }) => cylinder },
  { name: 'gateway', type: 'string', key: 'g', of: ({ gateway }) => gateway },
  { name: 't', type: 'bigint', key: 't', of: ({ t }) => t },
  { name: 'boot', type: 'string', key: 'b', of: ({ boot }) => boot },
  { name: 'seq', type: 'bigint', key: 's', of: ({ seq }) => seq },
  { name: 'model', type: 'string', key: 'm', of: ({ model }) => model },
  { name: 'received_at', type: 'bigint', key: 'r', of: ({ receivedAt }) => receivedAt },
  ...SENSORS.map(
    (sensor, index): LakeColumn<StoredSample> => ({
      // Glue and Athena know lower case only.
      name: sensor.toLowerCase(),
      type: 'double',
      key: `v${index + 1}`,
      of: ({ values }) => values[index] ?? null,
    }),
  ),
  { name: 'probability', type: 'double', key: 'p', of: ({ probability }) => probability },
  { name: 'why', type: 'array<double>', key: 'w', of: ({ why }) => why },
];

/** The columns of `incidents` in order; times are ms since the epoch. */
export const INCIDENT_COLUMNS: readonly LakeColumn<VersionedIncident>[] = [
  { name: 'id', type: 'string', key: 'id', of: ({ id }) => id },
  { name: 'version', type: 'bigint', key: 'version', of: ({ version }) => version },
  { name: 'cylinder', type: 'string', key: 'cylinder', of: ({ cylinder }) => cylinder },
  { name: 'gateway', type: 'string', key: 'gateway', of: ({ gateway }) => gateway },
  { name: 'began_at', type: 'bigint', key: 'began_at', of: ({ beganAt }) => beganAt },
  { name: 'raised_at', type: 'bigint', key: 'raised_at', of: ({ raisedAt }) => raisedAt },
  { name: 'cleared_at', type: 'bigint', key: 'cleared_at', of: ({ clearedAt }) => clearedAt },
  { name: 'ended_by', type: 'string', key: 'ended_by', of: ({ endedBy }) => endedBy },
  { name: 'severity', type: 'string', key: 'severity', of: ({ severity }) => severity },
  { name: 'reopenings', type: 'bigint', key: 'reopenings', of: ({ reopenings }) => reopenings },
  {
    name: 'acknowledged_by',
    type: 'string',
    key: 'acknowledged_by',
    of: ({ acknowledgedBy }) => acknowledgedBy,
  },
  { name: 'closed_by', type: 'string', key: 'closed_by', of: ({ closedBy }) => closedBy },
  { name: 'outcome', type: 'string', key: 'outcome', of: ({ outcome }) => outcome },
  { name: 'mode', type: 'string', key: 'mode', of: ({ mode }) => mode },
  { name: 'comment', type: 'string', key: 'comment', of: ({ comment }) => comment },
  // The files of before know nothing of it: what is added comes last.
  {
    name: 'last_abnormal_at',
    type: 'bigint',
    key: 'last_abnormal_at',
    of: ({ lastAbnormalAt }) => lastAbnormalAt,
  },
];

/** What Firehose's OpenX deserializer needs to find the columns: `ColumnToJsonKeyMappings`. */
export const columnToJsonKeys = <T>(columns: readonly LakeColumn<T>[]): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.filter(({ name, key }) => name !== key).map(({ name, key }) => [name, key]));
