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
