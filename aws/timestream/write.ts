import {
  type RejectedRecord,
  RejectedRecordsException,
  type TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import { failureCode, TelemetryError } from '../aws-error.ts';
import type { WriteRequest } from './requests.ts';

/** What became of the records of a request; `version` is the one that stood in the way of a record. */
export type RequestOutcome<T> = Readonly<{
  stored: number;
  superseded: readonly Readonly<{ of: T; version: number }>[];
  rejected: readonly Readonly<{ of: T; detail: string }>[];
}>;

export type TimestreamTable = Readonly<{ client: TimestreamWriteClient; database: string; table: string }>;

const sortRejected = <T>(
  { entries }: WriteRequest<T>,
  records: readonly RejectedRecord[],
): RequestOutcome<T> => {
  const superseded: { of: T; version: number }[] = [];
  const rejected: { of: T; detail: string }[] = [];
  const seen = new Set<number>();
  for (const { RecordIndex = -1, Reason, ExistingVersion } of records) {
    const entry = entries[RecordIndex];
    if (entry === undefined)
      throw new TelemetryError('retry', `Timestream rejects record ${RecordIndex}, which there is not`);
    if (seen.has(RecordIndex)) continue;
    seen.add(RecordIndex);
    if (ExistingVersion !== undefined) superseded.push({ of: entry.of, version: ExistingVersion });
    else rejected.push({ of: entry.of, detail: `Timestream: ${Reason ?? 'rejected without a reason'}` });
  }
  return { stored: entries.length - seen.size, superseded, rejected };
};

/**
 * Sends one request. Records that Timestream rejects are named in the outcome and those beside them are stored; all
 * else that fails, after the client's own retries, rejects with the cause.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/troubleshoot-rejectedrecords.html
 */
export const writeRecords = async <T>(
  { client, database, table }: TimestreamTable,
  request: WriteRequest<T>,
): Promise<RequestOutcome<T>> => {
  const { common, entries } = request;
  try {
    await client.send(
      new WriteRecordsCommand({
        DatabaseName: database,
        TableName: table,
        CommonAttributes: common,
        Records: entries.map(({ record }) => record),
      }),
    );
    return { stored: entries.length, superseded: [], rejected: [] };
  } catch (cause) {
    if (cause instanceof RejectedRecordsException && (cause.RejectedRecords?.length ?? 0) > 0) {
      return sortRejected(request, cause.RejectedRecords ?? []);
    }
    throw new TelemetryError(
      failureCode(cause),
      `Timestream did not take ${entries.length} records of ${table}`,
      cause,
    );
  }
};
