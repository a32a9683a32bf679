import type { Dimension, MeasureValue, _Record as TimestreamRecord } from '@aws-sdk/client-timestream-write';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { incidentVersion } from '../telemetry/stored-once.ts';

type Named = Readonly<{ Name: string | undefined; Value: string | undefined }>;

/** As much of a record as is metered. */
type Sized = Readonly<{
  Dimensions?: readonly Named[] | undefined;
  MeasureName?: string | undefined;
  MeasureValues?: readonly (Named & Readonly<{ Type: string | undefined }>)[] | undefined;
}>;

const TIME_BYTES = 8;
const NUMBER_BYTES = 8;
const UNIT_BYTES = 1024;

const bytes = (text: string | undefined): number => Buffer.byteLength(text ?? '');

/** The bytes of a record's dimensions, names and values. */
const dimensionBytes = ({ Dimensions = [] }: Sized): number =>
  Dimensions.reduce((sum, { Name, Value }) => sum + bytes(Name) + bytes(Value), 0);

const measureBytes = ({ MeasureName, MeasureValues = [] }: Sized): number =>
  MeasureValues.reduce(
    (sum, { Name, Type, Value }) => sum + bytes(Name) + (Type === 'VARCHAR' ? bytes(Value) : NUMBER_BYTES),
    bytes(MeasureName),
  );

/** The bytes at which AWS meters a record: time, dimensions and measures with their names. */
export const recordBytes = (record: Sized): number =>
  TIME_BYTES + dimensionBytes(record) + measureBytes(record);

/**
 * The writes that AWS counts for a request, in units of 1 KiB: common attributes count once.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
 */
export const meteredWrites = (records: readonly Sized[], common: Sized): number =>
  Math.ceil(
    records.reduce(
      (sum, record) => sum + recordBytes(record),
      dimensionBytes(common) + measureBytes(common),
    ) / UNIT_BYTES,
  );

/** What a record and the dimensions in it may hold. https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html */
const MAX_BYTES = 2048;

const isStorable = (value: number | null): boolean => value === null || Number.isFinite(value);

/** Why Timestream could not take a sample, for which it would refuse all of a request; null if it can. */
export const sampleRefusal = ({
  t,
  seq,
  values,
  probability,
  why,
  receivedAt,
  challenger,
}: StoredSample): string | null => {
  if (![t, receivedAt, seq ?? 0].every(Number.isSafeInteger)) return 'a time or number is not a whole number';
  if (![...values, probability, challenger?.probability ?? 0, ...(why ?? [])].every(isStorable))
    return 'a value is not a finite number';
  if (why !== null && why.length !== SENSORS.length) return `why holds ${why.length} numbers, not six`;
  return null;
};

/** Why a record is too large for Timestream, or null. `shared` bytes are those of what it shares with others. */
export const recordRefusal = (record: TimestreamRecord, shared: TimestreamRecord): string | null => {
  const inDimensions = dimensionBytes(record);
  if (inDimensions > MAX_BYTES) return `the dimensions are ${inDimensions} bytes, the most is ${MAX_BYTES}`;
  const inAll = recordBytes({ ...shared, ...record });
  return inAll > MAX_BYTES ? `the record is ${inAll} bytes, the most is ${MAX_BYTES}` : null;
};

type Value = string | number | null;
type Row = readonly (readonly [name: string, type: 'DOUBLE' | 'BIGINT' | 'VARCHAR', value: Value])[];

// Text of a number as JavaScript writes it is the shortest that reads back as the same double.
export const measures = (row: Row): MeasureValue[] =>
  row.flatMap(([Name, Type, value]) =>
    value === null || value === '' ? [] : [{ Name, Type, Value: String(value) }],
  );

/** The measures of a sample, none where a sensor did not answer. `received_at` is in ms since the epoch. */
const sampleMeasures = ({
  seq,
  values,
  probability,
  why,
  receivedAt,
  challenger,
}: StoredSample): MeasureValue[] =>
  measures([
    ...SENSORS.map((sensor, index) => [sensor, 'DOUBLE', values[index] ?? null] as const),
    ['probability', 'DOUBLE', probability],
    ...(why ?? []).map((share, index) => [`why${index + 1}`, 'DOUBLE', share] as const),
    ['seq', 'BIGINT', seq],
    ['received_at', 'BIGINT', receivedAt],
    ['challenger', 'VARCHAR', challenger?.model ?? null],
    ['challenger_probability', 'DOUBLE', challenger?.probability ?? null],
  ]);

/** The measures of an incident, none where it has not come to that. Times are in ms since the epoch. */
const incidentMeasures = (incident: IncidentRecord): MeasureValue[] =>
  measures([
    // In a table with samples too, `gateway` is a dimension, and a name is one or the other.
    ['incident_gateway', 'VARCHAR', incident.gateway],
    ['began_at', 'BIGINT', incident.beganAt],
    ['raised_at', 'BIGINT', incident.raisedAt],
    ['last_abnormal_at', 'BIGINT', incident.lastAbnormalAt],
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

const NS_PER_MS = 1_000_000;

/** What all records of a table share; `measure_name` tells samples from incidents where one table holds both. */
export const SAMPLE_ATTRIBUTES = {
  MeasureName: 'sample',
  MeasureValueType: 'MULTI',
  TimeUnit: 'NANOSECONDS',
} as const;

export const INCIDENT_ATTRIBUTES = { ...SAMPLE_ATTRIBUTES, MeasureName: 'incident' } as const;

export const dimensions = (values: Readonly<Record<string, string | null>>): Dimension[] =>
  Object.entries(values).flatMap(([Name, Value]) =>
    Value === null || Value === '' ? [] : [{ Name, Value }],
  );

/**
 * A sample as a record. Timestream knows a record by its time, dimensions and measure name, so `seq` stands in the
 * nanoseconds below the millisecond: samples of one boot and one time are apart and a repetition is the same record.
 * Its version falls with the time of receipt, so that whatever the order the first receipt is kept.
 */
export const sampleRecord = (sample: StoredSample): TimestreamRecord => {
  const { cylinder, gateway, boot, model, t, seq, receivedAt } = sample;
  return {
    Dimensions: dimensions({ gateway, boot, model, cylinder }),
    MeasureValues: sampleMeasures(sample),
    Time: String(BigInt(t) * BigInt(NS_PER_MS) + BigInt((seq ?? 0) % NS_PER_MS)),
    Version: Number.MAX_SAFE_INTEGER - receivedAt,
  };
};

/**
 * What is noted of an incident once, as records of their own beside it: the incident's is written over as a whole. Their
 * versions fall with the time of writing, so that what was noted first stays.
 */
export const markRecords = (incident: IncidentRecord, now: number): readonly TimestreamRecord[] => {
  const raise = measures([
    ['advice', 'VARCHAR', incident.advice],
    ...(incident.why ?? []).map((share, index) => [`why${index + 1}`, 'DOUBLE', share] as const),
    // A name is a dimension or a measure, and `model` is a dimension of samples.
    ['incident_model', 'VARCHAR', incident.model],
    ['policy', 'VARCHAR', incident.policy],
  ]);
  return [
    { MeasureName: 'raise', MeasureValues: raise },
    { MeasureName: 'told', MeasureValues: measures([['told_at', 'BIGINT', incident.toldAt]]) },
    {
      MeasureName: 'acknowledgement',
      MeasureValues: measures([['acknowledged_at', 'BIGINT', incident.acknowledgedAt]]),
    },
    { MeasureName: 'closing', MeasureValues: measures([['closed_at', 'BIGINT', incident.closedAt]]) },
  ]
    .filter(({ MeasureValues }) => MeasureValues.length > 0)
    .map((noted) => ({
      ...incidentRecord(incident, now),
      ...noted,
      Version: Number.MAX_SAFE_INTEGER - now,
    }));
};

/** An incident as one record at the time at which it was raised, whose version grows as the incident goes on. */
export const incidentRecord = (incident: IncidentRecord, now: number): TimestreamRecord => ({
  Dimensions: dimensions({ cylinder: incident.cylinder, incident: incident.id }),
  MeasureValues: incidentMeasures(incident),
  Time: String(BigInt(incident.raisedAt) * BigInt(NS_PER_MS)),
  Version: incidentVersion(incident, now),
});

/** The most records of a request. https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html */
export const MAX_RECORDS = 100;

/** A record beside what it was made of. */
export type Recorded<T> = Readonly<{ of: T; record: TimestreamRecord }>;

export type WriteRequest<T> = Readonly<{ common: TimestreamRecord; entries: readonly Recorded<T>[] }>;

const seriesOf = ({ Dimensions = [] }: TimestreamRecord): string =>
  Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join('\n');

const holds = ({ Dimensions = [] }: TimestreamRecord, { Name, Value }: Dimension): boolean =>
  Dimensions.some((dimension) => dimension.Name === Name && dimension.Value === Value);

/** Those of one series side by side, and the series of one gateway next to each other: what is shared is paid once. */
const bySeries = <T>(entries: readonly Recorded<T>[]): readonly Recorded<T>[] =>
  [...Map.groupBy(entries, ({ record }) => seriesOf(record))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, series]) => series);

const requestOf = <T>(entries: readonly Recorded<T>[], attributes: TimestreamRecord): WriteRequest<T> => {
  const shared = (entries[0]?.record.Dimensions ?? []).filter((dimension) =>
    entries.every(({ record }) => holds(record, dimension)),
  );
  const own = ({ Dimensions = [], ...rest }: TimestreamRecord): TimestreamRecord => ({
    ...rest,
    Dimensions: Dimensions.filter(({ Name }) => shared.every((dimension) => dimension.Name !== Name)),
  });
  return {
    common: { ...attributes, Dimensions: shared },
    entries: entries.map(({ of, record }) => ({ of, record: own(record) })),
  };
};

/**
 * Makes requests of at most 100 records, of one series side by side; the dimensions that all records of a request
 * share stand in its common attributes, which are sent and paid for once.
 */
export const writeRequests = <T>(
  entries: readonly Recorded<T>[],
  attributes: TimestreamRecord,
): readonly WriteRequest<T>[] => {
  const sorted = bySeries(entries);
  return Array.from({ length: Math.ceil(sorted.length / MAX_RECORDS) }, (_, index) =>
    requestOf(sorted.slice(index * MAX_RECORDS, (index + 1) * MAX_RECORDS), attributes),
  );
};
