import * as v from 'valibot';
import { STATE, subjectOf, TWIN } from '../../../aws/dynamodb/key.ts';
import type { NoticeSubject } from '../../../usecases/ports/notification-log.ts';
import type { Call } from './gate.ts';

/** What of the ledger a stretch of work took, in DynamoDB's units: 1 KB written, 4 KB read as it is now, 8 KB as it was a moment ago. */
export type LedgerUnits = Readonly<{
  cylinderSaves: number;
  /** Those that were refused because somebody else had saved first are among them. */
  gatewayAttempts: number;
  twins: number;
  written: number;
  indexWritten: number;
  read: number;
}>;

const attribute = v.union([
  v.object({ S: v.string() }),
  v.object({ N: v.string() }),
  v.object({ B: v.string() }),
]);
const item = v.objectWithRest(
  { pk: v.object({ S: v.string() }), sk: v.object({ S: v.string() }) },
  attribute,
);
type Item = v.InferOutput<typeof item>;

const put = v.object({ Item: item });
const transaction = v.object({
  TransactItems: v.array(v.looseObject({ Put: v.optional(put) })),
});
const reading = v.object({
  RequestItems: v.record(
    v.string(),
    v.object({ Keys: v.array(item), ConsistentRead: v.optional(v.boolean(), false) }),
  ),
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const bytesOf = (value: v.InferOutput<typeof attribute>): number => {
  if ('S' in value) return Buffer.byteLength(value.S);
  return 'N' in value ? Math.ceil(value.N.length / 2) + 1 : Buffer.byteLength(value.B, 'base64');
};
const unitsOf = (one: Item): number =>
  Math.ceil(Object.entries(one).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0) / 1024);

const dueOf = (one: Item): string | null => {
  const { dueAt } = one;
  return typeof dueAt === 'object' && 'N' in dueAt ? dueAt.N : null;
};

type Written = Readonly<{ item: Item; times: 1 | 2 }>;

const writtenIn = ({ operation, body }: Call): readonly Written[] => {
  const input: unknown = JSON.parse(body);
  if (operation === 'PutItem') return [{ item: v.parse(put, input).Item, times: 1 }];
  if (operation !== 'TransactWriteItems') return [];
  // In a transaction everything counts twice.
  return v
    .parse(transaction, input)
    .TransactItems.flatMap(({ Put }) => (Put === undefined ? [] : [{ item: Put.Item, times: 2 as const }]));
};

type Read = Readonly<{ item: Item; units: number }>;

const readIn = ({ operation, body }: Call): readonly Read[] =>
  operation === 'BatchGetItem'
    ? Object.values(v.parse(reading, JSON.parse(body)).RequestItems).flatMap(({ Keys, ConsistentRead }) =>
        Keys.map((key) => ({ item: key, units: ConsistentRead ? 1 : 0.5 })),
      )
    : [];

/** Counts what calls of the ledger take for the cylinders and gateways whose names hold a marker; updates are left out. */
export const ledgerUnits = (calls: readonly Call[], marker: string): LedgerUnits => {
  const isOurs = (one: Item): boolean => one.pk.S.includes(marker);
  const all = calls.flatMap(writtenIn).filter((write) => isOurs(write.item));
  const count = (kind: NoticeSubject['kind'], sort: string): number =>
    all.filter(({ item }) => subjectOf(item.pk.S)?.kind === kind && item.sk.S === sort).length;
  const dueAt = new Map<string, string | null>();
  let moves = 0;
  for (const { item: one } of all.filter((write) => write.item.sk.S === STATE)) {
    // The first one seen says where it stands.
    if (dueAt.has(one.pk.S) && dueAt.get(one.pk.S) !== dueOf(one)) moves += 1;
    dueAt.set(one.pk.S, dueOf(one));
  }
  return {
    cylinderSaves: count('cylinder', STATE),
    gatewayAttempts: count('gateway', STATE),
    twins: count('cylinder', TWIN) + all.filter(({ item: one }) => 'refreshedAt' in one).length,
    written: all.reduce((sum, write) => sum + write.times * unitsOf(write.item), 0),
    indexWritten: 2 * moves,
    read: calls
      .flatMap(readIn)
      .filter((read) => isOurs(read.item))
      .reduce((sum, read) => sum + read.units, 0),
  };
};
