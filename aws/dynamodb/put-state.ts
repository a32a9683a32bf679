import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import type { SaveOutcome } from '../../usecases/ports/ledger.ts';
import { failureCode, LedgerError } from '../aws-error.ts';
import type { TableItem } from './key.ts';
import { isStanding, isWorthTrying, type LedgerTable } from './table.ts';

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
