import * as v from 'valibot';
import { recordBytes } from '../../../aws/timestream/record.ts';
import type { TestServer } from '../start-server.ts';
import { type AwsAnswer, startAwsJson } from '../telemetry/aws-json.ts';
import { mergeCommon, type WireRecord, type WriteInput, writeInput } from './input.ts';

type Settings = Readonly<{
  /** Records before are rejected: where the memory store begins, ms, if nothing may be written behind it. */
  memoryStoreFrom?: number;
  /** Records after are rejected, ms. */
  futureUntil?: number;
  /** What a request fails with instead of being served; its number counts from 0. */
  fault?: (request: number) => AwsAnswer | null;
}>;

export type TimestreamService = TestServer &
  Readonly<{
    /** The records of a table, by what Timestream knows them by. */
    table(name: string): ReadonlyMap<string, WireRecord>;
    requests: readonly WriteInput[];
    change(settings: Settings): void;
  }>;

const sorted = (pairs: readonly Readonly<{ Name: string; Value: string }>[] = []): string =>
  pairs
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .sort()
    .join('&');

const identity = ({ Time, Dimensions, MeasureName }: WireRecord): string =>
  `${Time} ${MeasureName} ${sorted(Dimensions)}`;

const versionOf = ({ Version = 1 }: WireRecord): number => Version;

const invalid = (why: string): AwsAnswer => ({ error: 'ValidationException', fields: { Message: why } });

/** Timestream's way with records: upserts by version, rejections one by one with the rest stored, requests refused whole. */
export const startTimestream = async (initial: Settings = {}): Promise<TimestreamService> => {
  let settings = initial;
  const tables = new Map<string, Map<string, WireRecord>>();
  const kinds = new Map<string, Map<string, string>>();
  const requests: WriteInput[] = [];
  let count = 0;

  const tableOf = (name: string): Map<string, WireRecord> => {
    const table = tables.get(name) ?? new Map<string, WireRecord>();
    tables.set(name, table);
    return table;
  };

  /** Whether every name is what it has been in this table: a dimension, or a measure of one type. */
  const isConsistent = (table: string, { Dimensions = [], MeasureValues = [] }: WireRecord): boolean => {
    const known = kinds.get(table) ?? new Map<string, string>();
    kinds.set(table, known);
    const named = [
      ...Dimensions.map(({ Name }) => [Name, 'dimension'] as const),
      ...MeasureValues.map(({ Name, Type }) => [Name, Type] as const),
    ];
    for (const [name, kind] of named) {
      if ((known.get(name) ?? kind) !== kind) return false;
      known.set(name, kind);
    }
    return true;
  };

  const put = (table: Map<string, WireRecord>, record: WireRecord) => {
    const ms = Math.floor(Number(record.Time) / 1e6);
    if (recordBytes(record) > 2048) return { Reason: 'The record is larger than 2 kilobytes.' };
    if (ms < (settings.memoryStoreFrom ?? 0)) {
      return { Reason: 'The record timestamp is outside the time range of the memory store.' };
    }
    if (ms > (settings.futureUntil ?? Number.POSITIVE_INFINITY)) {
      return { Reason: 'The record timestamp is too far in the future.' };
    }
    const key = identity(record);
    const existing = table.get(key);
    if (existing !== undefined) {
      const isSame = sorted(existing.MeasureValues) === sorted(record.MeasureValues);
      const difference = versionOf(record) - versionOf(existing);
      if (difference < 0 || (difference === 0 && !isSame)) {
        return {
          Reason: 'A higher version is required to update the measure value.',
          ExistingVersion: versionOf(existing),
        };
      }
    }
    table.set(key, record);
    return null;
  };

  const write = (input: unknown): AwsAnswer => {
    const fault = settings.fault?.(count);
    count += 1;
    if (fault) return fault;
    const parsed = v.safeParse(writeInput, input);
    if (!parsed.success) return invalid(parsed.issues[0].message);
    const { TableName, CommonAttributes, Records } = parsed.output;
    const merged = Records.map((record) => mergeCommon(CommonAttributes, record));
    for (const { Dimensions = [], MeasureValues = [] } of merged) {
      if (new Set(Dimensions.map(({ Name }) => Name)).size < Dimensions.length) return invalid('dimensions');
      if (!MeasureValues.every(({ Type, Value }) => Type === 'VARCHAR' || Number.isFinite(Number(Value)))) {
        return invalid('measure value');
      }
    }
    if (!merged.every((record) => isConsistent(TableName, record))) return invalid('a name of two kinds');
    requests.push(parsed.output);
    const table = tableOf(TableName);
    const rejected = merged.flatMap((record, RecordIndex) => {
      const refusal = put(table, record);
      return refusal === null ? [] : [{ RecordIndex, ...refusal }];
    });
    if (rejected.length === 0) return { result: { RecordsIngested: { Total: Records.length } } };
    const fields = { Message: 'One or more records have been rejected.', RejectedRecords: rejected };
    return { error: 'RejectedRecordsException', status: 419, fields };
  };

  const server = await startAwsJson((operation, input) => {
    if (operation === 'WriteRecords') return write(input);
    return { result: { Endpoints: [{ Address: '127.0.0.1', CachePeriodInMinutes: 1440 }] } };
  });
  return {
    ...server,
    table: tableOf,
    requests,
    change: (changed) => {
      settings = changed;
      count = 0;
    },
  };
};
