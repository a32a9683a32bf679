import type { LedgerItem } from './key.ts';
import { LedgerError } from './ledger-error.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const MOST_ACTIONS = 100;
const MOST_ITEM_BYTES = 400 * 1024;
const MOST_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** A number takes at most that much. */
const NUMBER_BYTES = 21;

/** What an item of texts, numbers and bytes weighs, by names and values; a little more than the service counts. */
export const itemBytes = (item: LedgerItem): number =>
  Object.entries(item).reduce(
    (sum, [name, { S, B }]) =>
      sum + Buffer.byteLength(name) + (S === undefined ? (B?.length ?? NUMBER_BYTES) : Buffer.byteLength(S)),
    0,
  );

/** Throws a LedgerError where DynamoDB would refuse the change for its size, however often it were tried. */
export const checkLimits = (items: readonly LedgerItem[]): void => {
  const [state] = items;
  const whose = state?.pk?.S ?? 'a record';
  const refuse = (what: string): never => {
    throw new LedgerError(
      'TooLarge',
      `one change of ${whose} is too large: ${what}; take in fewer messages at once`,
    );
  };
  if (items.length > MOST_ACTIONS) refuse(`${items.length} items, of at most ${MOST_ACTIONS}`);
  const sizes = items.map(itemBytes);
  const heaviest = Math.max(...sizes);
  if (heaviest > MOST_ITEM_BYTES) refuse(`an item of ${heaviest} bytes, of at most ${MOST_ITEM_BYTES}`);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all > MOST_TRANSACTION_BYTES) refuse(`${all} bytes, of at most ${MOST_TRANSACTION_BYTES}`);
};
