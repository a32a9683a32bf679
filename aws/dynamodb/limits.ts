import { LedgerError } from '../aws-error.ts';
import type { TableItem } from './key.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const MAX_ACTIONS = 100;
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** A number takes at most that much. */
const NUMBER_BYTES = 21;

/** What an item of texts, numbers and bytes weighs, by names and values; a little more than the service counts. */
export const itemBytes = (item: TableItem): number =>
  Object.entries(item).reduce(
    (sum, [name, { S, B }]) =>
      sum + Buffer.byteLength(name) + (S === undefined ? (B?.length ?? NUMBER_BYTES) : Buffer.byteLength(S)),
    0,
  );

/** Throws a LedgerError where DynamoDB would refuse the change for its size, however often it were tried. */
export const checkLimits = (items: readonly TableItem[]): void => {
  const [state] = items;
  const whose = state?.pk?.S ?? 'a record';
  const refuse = (what: string): never => {
    throw new LedgerError(
      'poison',
      `one change of ${whose} is too large: ${what}; take in fewer messages at once`,
    );
  };
  if (items.length > MAX_ACTIONS) refuse(`${items.length} items, of at most ${MAX_ACTIONS}`);
  const sizes = items.map(itemBytes);
  const heaviest = Math.max(...sizes);
  if (heaviest > MAX_ITEM_BYTES) refuse(`an item of ${heaviest} bytes, of at most ${MAX_ITEM_BYTES}`);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all > MAX_TRANSACTION_BYTES) refuse(`${all} bytes, of at most ${MAX_TRANSACTION_BYTES}`);
};
