import { AwsError, ExplainedError, explainAwsError } from '../aws-error.ts';
import type { Signer } from '../signed-post.ts';
import { storedTime } from '../telemetry/stored-time.ts';
import { openQueryService, type TimestreamDatum } from './query-service.ts';

type Question = Readonly<{
  client: Signer;
  endpoint: string;
  /** Stops the query, on Timestream too. */
  signal?: AbortSignal;
  /** A query that has read more is stopped, bytes. */
  maxScan?: number;
  /** Is told how much was read so far, bytes, and how far the query is, percent. */
  onProgress?: (bytes: number, percent: number) => void;
}>;

/** A query takes a minute at most, whoever waits for it. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html */
const PATIENCE_MS = 65_000;
const NUMBERS = new Set(['BIGINT', 'INTEGER', 'DOUBLE']);

const scalar = (text: string | undefined, type: string | undefined): unknown => {
  if (text === undefined) return null;
  if (type !== undefined && NUMBERS.has(type)) return Number(text);
  if (type === 'BOOLEAN') return text === 'true';
  return type === 'TIMESTAMP' ? storedTime(text) : text;
};

const cellOf = (datum: TimestreamDatum | undefined, type: string | undefined): unknown =>
  datum?.ArrayValue === undefined
    ? scalar(datum?.ScalarValue, type)
    : datum.ArrayValue.map(({ ScalarValue }) => scalar(ScalarValue, 'DOUBLE'));

/** What Timestream says of a query that it does not answer, out of what it was answered with. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const [, message] = /"[Mm]essage":"((?:[^"\\]|\\.)*)"/.exec(error.message) ?? [];
  if (message === undefined || !/was answered with 400/.test(error.message)) return error;
  const denied = /AccessDenied/.test(error.message);
  return new ExplainedError(denied ? 'denied' : 'poison', `Timestream: ${JSON.parse(`"${message}"`)}`, error);
};

/**
 * Asks Timestream one statement; rows by column name, as they are found. A query that ends early here is cancelled there
 * too, unless its first page is yet to come: that it ends by itself within a minute.
 */
export async function* askTimestream(
  question: Question,
  sql: string,
): AsyncGenerator<Readonly<Record<string, unknown>>, void> {
  const { client, endpoint, signal, maxScan, onProgress } = question;
  let cancel: (() => Promise<void>) | null = null;
  try {
    signal?.throwIfAborted();
    const service = await openQueryService({ client, endpoint, patienceMs: PATIENCE_MS });
    for await (const { QueryId, Rows, ColumnInfo, QueryStatus, NextToken } of service.pages(sql, signal)) {
      cancel = NextToken === undefined || QueryId === undefined ? null : () => service.cancel(QueryId);
      const scanned = QueryStatus?.CumulativeBytesScanned ?? 0;
      onProgress?.(scanned, QueryStatus?.ProgressPercentage ?? 0);
      if (maxScan !== undefined && scanned > maxScan)
        throw new AwsError(
          'poison',
          `the query was stopped: it had read ${scanned} bytes, more than allowed`,
        );
      for (const { Data } of Rows)
        yield Object.fromEntries(
          ColumnInfo.map(
            ({ Name = '', Type }, index) => [Name, cellOf(Data[index], Type.ScalarType)] as const,
          ),
        );
      signal?.throwIfAborted();
    }
    cancel = null;
  } catch (error) {
    const reason = explained(error);
    throw reason instanceof AwsError ? reason : explainAwsError('Timestream could not be asked', reason);
  } finally {
    await cancel?.().catch(() => undefined);
  }
}
