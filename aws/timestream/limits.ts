import type { _Record as TimestreamRecord } from '@aws-sdk/client-timestream-write';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';

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
export const dimensionBytes = ({ Dimensions = [] }: Sized): number =>
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
}: StoredSample): string | null => {
  if (![t, receivedAt, seq ?? 0].every(Number.isSafeInteger)) return 'a time or number is not a whole number';
  if (![...values, probability, ...(why ?? [])].every(isStorable)) return 'a value is not a finite number';
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
