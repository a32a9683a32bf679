import type { Dimension, _Record as TimestreamRecord } from '@aws-sdk/client-timestream-write';

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
