import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { SaveOutcome } from '../../usecases/ports/ledger.ts';
import { failureCode, LedgerError } from '../aws-error.ts';
import type { ChangeItems, TableItem } from './key.ts';
import { IS_ABSENT, isStanding, isWorthTrying, type LedgerTable } from './table.ts';

const CONDITION = 'ConditionalCheckFailed';

/** Reasons that pass by themselves: another transaction was under way, or the table asks for patience. */
const CONTENDED = 'TransactionConflict';
const THROTTLED = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Why each item was not written, in the order of the request; empty where the service failed otherwise. */
const reasonsOf = (error: unknown): readonly string[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None')
    : [];

/** Writes in one transaction, or says why not. The token makes the attempts of one transaction one. */
const attempt = async (
  { client, table }: LedgerTable,
  { state, notices, others }: ChangeItems,
  { expected, token }: Readonly<{ expected: number; token: string }>,
): Promise<Readonly<{ error: unknown }> | 'written'> => {
  try {
    await client.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: token,
        TransactItems: [
          { Put: { TableName: table, Item: state, ...isStanding(expected) } },
          ...notices.map((Item) => ({ Put: { TableName: table, Item, ...IS_ABSENT } })),
          ...others.map((Item) => ({ Put: { TableName: table, Item } })),
        ],
      }),
    );
    return 'written';
  } catch (error) {
    return { error };
  }
};

/**
 * Writes the state of a record with all that goes out because of it, if the record still stands at `expected`: all of
 * it or nothing. A notice that is there already is left as it is: it was told, or will be.
 */
export const writeTogether = async (
  ledger: LedgerTable,
  items: ChangeItems,
  expected: number,
): Promise<SaveOutcome> => {
  let left = items;
  let token = randomUUID();
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(ledger, left, { expected, token });
    if (outcome === 'written') return 'saved';
    const [state, ...rest] = reasonsOf(outcome.error);
    if (state === CONDITION) return 'conflict';
    const fresh = left.notices.filter((_, index) => rest[index] !== CONDITION);
    const { error } = outcome;
    const isThrottled = [state, ...rest].some((reason) => reason !== undefined && THROTTLED.has(reason));
    const code = isThrottled ? 'throttled' : failureCode(error);
    const isPassing = code === 'throttled' || [state, ...rest].includes(CONTENDED);
    const isWorthMore = isPassing || fresh.length < left.notices.length;
    if (!isWorthMore || !isWorthTrying(ledger, attempts, code === 'throttled' ? 'throttled' : 'contended')) {
      throw new LedgerError(code, `${items.state.pk?.S} could not be saved`, error);
    }
    if (isPassing) await ledger.pause(attempts);
    // Another request by the same token would be refused.
    if (fresh.length < left.notices.length) token = randomUUID();
    left = { ...left, notices: fresh };
  }
};

/**
 * Whether the record that stands in the way is the one that was to be written: then an attempt before this one wrote
 * it, and its answer was lost.
 */
const isOurs = ({ Item }: ConditionalCheckFailedException, state: TableItem): boolean => {
  const { version, record } = Item ?? {};
  return (
    version?.N === state.version?.N &&
    record?.B !== undefined &&
    state.record?.B !== undefined &&
    Buffer.compare(record.B, state.record.B) === 0
  );
};

/** Writes the state of a record, and nothing else, if it still stands at `expected`. */
export const putState = async (
  ledger: LedgerTable,
  state: TableItem,
  expected: number,
): Promise<SaveOutcome> => {
  const { client, table, pause } = ledger;
  for (let attempts = 1; ; attempts += 1) {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: state,
          ...isStanding(expected),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        const isRepeated = attempts > 1 || (error.$metadata.attempts ?? 1) > 1;
        return isRepeated && isOurs(error, state) ? 'saved' : 'conflict';
      }
      const code = failureCode(error);
      const isPassing =
        (error instanceof TransactionConflictException && isWorthTrying(ledger, attempts, 'contended')) ||
        (code === 'throttled' && isWorthTrying(ledger, attempts, 'throttled'));
      if (!isPassing) throw new LedgerError(code, `${state.pk?.S} could not be saved`, error);
      await pause(attempts);
    }
  }
};
