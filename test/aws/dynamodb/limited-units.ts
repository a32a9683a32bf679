import { createHash } from 'node:crypto';
import type { Item } from '../../fixture/dynamo/attribute.ts';

/** What a table gives in a second, and how many seconds of it that were not used it saves up. */
export type Limits = Readonly<{
  /** Write units of the table, and of each of its indexes. */
  writes: number;
  indexWrites: Readonly<Record<string, number>>;
  reads: number;
  savedS: number;
}>;

/**
 * No partition gives more, whatever the table has.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const PARTITION_WRITES = 1000;

/**
 * A new table that is paid by the request, which nothing has warmed up; its indexes are as it is.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
export const NEW_ON_DEMAND: Limits = {
  writes: 4000,
  indexWrites: { 'by-due': 4000, 'by-gateway': 4000 },
  reads: 12_000,
  savedS: 1,
};

type Bucket = Readonly<{ has(units: number): boolean; take(units: number): void }>;

const bucket = (perSecond: number, savedS: number, now: () => number, isFull: boolean): Bucket => {
  let at = now();
  let units = isFull ? perSecond * savedS : perSecond;
  const fill = (): void => {
    units = Math.min(perSecond * Math.max(1, savedS), units + (perSecond * (now() - at)) / 1000);
    at = now();
  };
  return {
    has: (wanted) => {
      fill();
      return units >= wanted;
    },
    take: (taken) => {
      units -= taken;
    },
  };
};

type Charge = readonly [name: string, units: number];
type Request = Readonly<{
  Item?: Item;
  TransactItems?: readonly Readonly<{ Put: Readonly<{ Item: Item }> }>[];
  RequestItems?: Readonly<Record<string, Readonly<{ Keys: readonly unknown[]; ConsistentRead?: boolean }>>>;
}>;

const PARTITIONS = 4;
const partitionOf = (key: string): number => (createHash('sha1').update(key).digest()[0] ?? 0) % PARTITIONS;

const units = (item: Item): number => {
  const bytes = Object.entries(item).reduce(
    (sum, [name, { S = '', N = '', B = '' }]) => sum + name.length + S.length + N.length + B.length * 0.75,
    0,
  );
  return Math.ceil(bytes / 1024);
};

const INDEXES = { 'by-due': ['dueKind', 'dueAt'], 'by-gateway': ['gateway', 'pk'] } as const;

/**
 * Counts what requests take of a table of limited units, as AWS counts: an item in steps of 1 KB, twice that in a
 * transaction, once for each place that is left or taken in an index. What an index cannot take, the table refuses.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
 */
export const limitedUnits = (limits: Limits, now: () => number, isFull = false) => {
  const buckets = new Map<string, Bucket>();
  const standing = new Map<string, Item>();
  const counted = { writes: 0, indexWrites: 0, reads: 0, refused: 0 };

  const bucketFor = (name: string): Bucket => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    const [kind = '', partition] = name.split('/');
    const ofAll = kind === 'reads' ? limits.reads : (limits.indexWrites[kind] ?? limits.writes);
    const made =
      partition === undefined
        ? bucket(ofAll, limits.savedS, now, isFull)
        : bucket(PARTITION_WRITES, 1, now, isFull);
    buckets.set(name, made);
    return made;
  };

  const indexCharges = (item: Item): readonly Charge[] => {
    const before = standing.get(`${item.pk?.S} ${item.sk?.S}`);
    return Object.entries(INDEXES).flatMap(([index, keys]): Charge[] => {
      const place = (of: Item | undefined): string | null => {
        const values = keys.map((key) => of?.[key]?.S ?? of?.[key]?.N);
        return values.includes(undefined) ? null : JSON.stringify(values);
      };
      if (place(before) === place(item)) return [];
      const left = [before, item].flatMap((of) => (place(of) === null ? [] : [of?.[keys[0]]?.S ?? '']));
      return left.flatMap((hash): Charge[] => [
        [index, 1],
        [`${index}/${partitionOf(hash)}`, 1],
      ]);
    });
  };

  const writeCharges = (items: readonly Item[], times: number): readonly Charge[] =>
    items.flatMap((item): Charge[] => [
      ['writes', units(item) * times],
      [`writes/${partitionOf(item.pk?.S ?? '')}`, units(item) * times],
      ...indexCharges(item),
    ]);

  const take = (charges: readonly Charge[]): boolean => {
    const sums = new Map<string, number>();
    for (const [name, count] of charges) sums.set(name, (sums.get(name) ?? 0) + count);
    if (![...sums].every(([name, count]) => bucketFor(name).has(count))) return false;
    for (const [name, count] of sums) bucketFor(name).take(count);
    return true;
  };

  return {
    counted,
    /** Whether there are units for a request; if so, they are taken. */
    admits(operation: string, text: string): boolean {
      const request: Request = JSON.parse(text);
      const items =
        request.Item === undefined
          ? (request.TransactItems ?? []).map(({ Put }) => Put.Item)
          : [request.Item];
      const charges = writeCharges(items, operation === 'TransactWriteItems' ? 2 : 1);
      const reads = Object.values(request.RequestItems ?? {}).reduce(
        (sum, { Keys, ConsistentRead }) => sum + Keys.length * (ConsistentRead === true ? 1 : 0.5),
        0,
      );
      const isAdmitted = take([...charges, ['reads', reads]]);
      if (!isAdmitted) {
        counted.refused += 1;
        return false;
      }
      for (const item of items) standing.set(`${item.pk?.S} ${item.sk?.S}`, item);
      for (const [name, count] of charges) {
        if (name === 'writes') counted.writes += count;
        else if (name in INDEXES) counted.indexWrites += count;
      }
      counted.reads += reads;
      return true;
    },
  };
};
