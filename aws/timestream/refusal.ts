import type { _Record as TimestreamRecord } from '@aws-sdk/client-timestream-write';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { dimensionBytes, recordBytes } from './size.ts';

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
