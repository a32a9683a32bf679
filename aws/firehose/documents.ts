import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { EVENT_TABLES, type EventCells, type EventTable } from '../telemetry/event-rows.ts';

type Value = string | number | null | readonly number[];

/** A column of the lake: its Glue type, the key that it has in a JSON document (short, every byte is paid), its value. */
export type LakeColumn<T> = Readonly<{
  name: string;
  type: 'string' | 'bigint' | 'double' | 'array<double>';
  key: string;
  of: (row: T) => Value;
}>;

/** An incident as it is written: `version` grows, and the row with the highest one holds. */
type VersionedIncident = IncidentRecord & Readonly<{ version: number }>;

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
  // The files of before know nothing of models on trial: what is added comes last.
  { name: 'challenger', type: 'string', key: 'cm', of: ({ challenger }) => challenger?.model ?? null },
  {
    name: 'challenger_probability',
    type: 'double',
    key: 'cp',
    of: ({ challenger }) => challenger?.probability ?? null,
  },
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
  { name: 'told_at', type: 'bigint', key: 'told_at', of: ({ toldAt }) => toldAt },
  {
    name: 'acknowledged_at',
    type: 'bigint',
    key: 'acknowledged_at',
    of: ({ acknowledgedAt }) => acknowledgedAt,
  },
  { name: 'closed_at', type: 'bigint', key: 'closed_at', of: ({ closedAt }) => closedAt },
  { name: 'advice', type: 'string', key: 'advice', of: ({ advice }) => advice },
  { name: 'why', type: 'array<double>', key: 'why', of: ({ why }) => why },
  { name: 'model', type: 'string', key: 'model', of: ({ model }) => model },
  { name: 'policy', type: 'string', key: 'policy', of: ({ policy }) => policy },
];

const eventColumns = (table: EventTable): readonly LakeColumn<EventCells>[] =>
  Object.entries(EVENT_TABLES[table]).map(([name, type]) => ({
    name,
    type,
    key: name,
    of: (cells) => cells[name] ?? null,
  }));

/** The columns of the tables of what happened. */
export const EVENT_COLUMNS: Readonly<Record<EventTable, readonly LakeColumn<EventCells>[]>> = {
  notices: eventColumns('notices'),
  transitions: eventColumns('transitions'),
  commands: eventColumns('commands'),
  quarantine: eventColumns('quarantine'),
};

/** What Firehose's OpenX deserializer needs to find the columns: `ColumnToJsonKeyMappings`. */
export const columnToJsonKeys = <T>(columns: readonly LakeColumn<T>[]): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.filter(({ name, key }) => name !== key).map(({ name, key }) => [name, key]));

/** The most bytes of a Firehose record, before it is encoded. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_RECORD_BYTES = 1_000_000;

export type LakeDocument = Readonly<{ text: string; bytes: number }>;

const isStorable = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isStorable) : typeof value !== 'number' || Number.isFinite(value);

/** A row as one line of JSON by its columns' keys, nothing where there is no value, or why it cannot be one. */
export const lakeDocument = <T>(
  columns: readonly LakeColumn<T>[],
  row: T,
): LakeDocument | Readonly<{ refusal: string }> => {
  const cells: [string, unknown][] = [];
  for (const { key, type, of } of columns) {
    const value = of(row);
    if (value === null) continue;
    // JSON has no such number, and a fraction in a column of whole numbers would take its whole record to the errors.
    if (!isStorable(value)) return { refusal: `${key} is not a finite number` };
    if (type === 'bigint' && !Number.isSafeInteger(value)) return { refusal: `${key} is not a whole number` };
    cells.push([key, value]);
  }
  const text = `${JSON.stringify(Object.fromEntries(cells))}\n`;
  const bytes = Buffer.byteLength(text);
  return bytes > MAX_RECORD_BYTES
    ? { refusal: `its document is ${bytes} bytes, the most is ${MAX_RECORD_BYTES}` }
    : { text, bytes };
};

/** The most bytes of a call: 4 MiB as they travel, encoded in base64. https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const MAX_BATCH_BYTES = 3_000_000;
const MAX_BATCH_RECORDS = 500;

/** Joins what lies side by side as long as the sum of its sizes stays within `most`, and within `mostOf` pieces. */
const packed = <T>(
  pieces: readonly T[],
  sizeOf: (piece: T) => number,
  most: number,
  mostOf = Number.POSITIVE_INFINITY,
): readonly (readonly T[])[] => {
  const packs: T[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const size = sizeOf(piece);
    const pack = packs.at(-1);
    if (pack === undefined || size > room || pack.length >= mostOf) {
      packs.push([piece]);
      room = most - size;
    } else {
      pack.push(piece);
      room -= size;
    }
  }
  return packs;
};

/** Packs documents into records as large as Firehose takes, since each is paid for in steps of 5 KB, and those into calls. */
export const lakeBatches = (documents: readonly LakeDocument[]): readonly (readonly Uint8Array[])[] => {
  const records = packed(documents, ({ bytes }) => bytes, MAX_RECORD_BYTES).map((pack) =>
    Buffer.from(pack.map(({ text }) => text).join('')),
  );
  return packed(records, ({ length }) => length, MAX_BATCH_BYTES, MAX_BATCH_RECORDS);
};
