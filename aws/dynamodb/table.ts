import {
  type DynamoDBClient,
  type PutItemCommandInput,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { failed, LedgerError } from '../aws-error.ts';
import type { TableItem } from './key.ts';

/** Waits before the attempt after this many. */
export type Pause = (attempts: number) => Promise<void>;

/** The ledger's table, how to reach it, and how to wait for it; `isLate`: there is no time left to try again. */
export type LedgerTable = Readonly<{
  client: DynamoDBClient;
  table: string;
  pause: Pause;
  isLate?: () => boolean;
}>;

/** How often the ledger is asked once more where others were at the same item, beyond the client's own retries. */
const MAX_ATTEMPTS = 8;

/** How often where the table had no units left: it gives more every second, and while it grows. */
const MAX_THROTTLED_ATTEMPTS = 16;

/**
 * How long a save goes on trying where the table has no units left, ms: of a batch of hundreds, and of one record, for
 * which a person waits and whose function has less time. One call at most follows.
 */
export const SAVE_PATIENCE_MS = { batch: 20_000, one: 6000 } as const;

/** Whether to try once more, after so many attempts of which the last was throttled or met another one. */
export const isWorthTrying = (
  { isLate }: LedgerTable,
  attempts: number,
  reason: 'throttled' | 'contended',
): boolean =>
  attempts < (reason === 'throttled' ? MAX_THROTTLED_ATTEMPTS : MAX_ATTEMPTS) && isLate?.() !== true;

const FIRST_MS = 25;
const LONGEST_MS = 1000;

/** Exponential, with full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
export const jitteredPause: Pause = (attempts) =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts));
  });

/** All items that a query finds, page by page. */
export const queryAll = async (
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly TableItem[]> => {
  const found: TableItem[] = [];
  try {
    const pages = paginateQuery({ client }, { TableName: table, ...query });
    for await (const { Items = [] } of pages) found.push(...Items);
    return found;
  } catch (cause) {
    return failed(LedgerError, `${query.IndexName ?? 'a partition'} of ${table} could not be queried`)(cause);
  }
};

/** All items of a table that a scan lets through, page by page: the table is read whole. */
export const scanAll = async (
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  scan: Omit<ScanCommandInput, 'TableName'>,
): Promise<readonly TableItem[]> => {
  const found: TableItem[] = [];
  try {
    const pages = paginateScan({ client }, { TableName: table, ...scan });
    for await (const { Items = [] } of pages) found.push(...Items);
    return found;
  } catch (cause) {
    return failed(LedgerError, `${table} could not be scanned`)(cause);
  }
};

type Condition = Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** That an item is not there yet. */
export const IS_ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

/** That a record stands at a version; 0: it is not there yet. */
export const isStanding = (version: number): Condition =>
  version === 0
    ? IS_ABSENT
    : {
        ConditionExpression: '#version = :expected',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':expected': { N: String(version) } },
      };
