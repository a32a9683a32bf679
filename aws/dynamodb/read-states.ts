import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { failed, LedgerError } from '../aws-error.ts';
import { keyOf, STATE, type TableItem } from './key.ts';
import { type LedgerTable, MAX_ATTEMPTS } from './table.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const MAX_KEYS = 100;

/** Reads a batch of items; what was left unanswered is in `left`. */
const readBatch = async (
  { client, table }: LedgerTable,
  keys: TableItem[],
): Promise<Readonly<{ items: readonly TableItem[]; left: TableItem[] }>> => {
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
  });
  const { Responses, UnprocessedKeys } = await client
    .send(command)
    .catch(failed(LedgerError, `${table} could not be read`));
  return { items: Responses?.[table] ?? [], left: UnprocessedKeys?.[table]?.Keys ?? [] };
};

const readAll = async (ledger: LedgerTable, keys: TableItem[]): Promise<readonly TableItem[]> => {
  const found: TableItem[] = [];
  let left = keys;
  for (let attempts = 1; ; attempts += 1) {
    const { items, left: unanswered } = await readBatch(ledger, left);
    found.push(...items);
    if (unanswered.length === 0) return found;
    // What was answered meanwhile shows that waiting helps.
    if (unanswered.length < left.length) attempts = 1;
    if (attempts >= MAX_ATTEMPTS)
      throw new LedgerError(
        'throttled',
        `${ledger.table} answers no more: ${unanswered.length} items were not read`,
      );
    left = unanswered;
    await ledger.pause(attempts);
  }
};

/** Reads the states of those named that there are, as they are now, in whatever order. */
export const readStates = async (
  ledger: LedgerTable,
  kind: NoticeSubject['kind'],
  names: readonly string[],
): Promise<readonly TableItem[]> => {
  const keys = [...new Set(names)].map((name) => keyOf({ kind, name }, STATE));
  const found: TableItem[] = [];
  for (let start = 0; start < keys.length; start += MAX_KEYS) {
    found.push(...(await readAll(ledger, keys.slice(start, start + MAX_KEYS))));
  }
  return found;
};
