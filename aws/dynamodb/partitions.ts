import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { failed, LedgerError } from '../aws-error.ts';
import { inParallel } from '../in-parallel.ts';
import { keyOf, NOTICE, partitionOf, subjectOf, type TableItem } from './key.ts';
import { type LedgerTable, queryAll } from './table.ts';

type Table = Readonly<{ client: DynamoDBClient; table: string }>;

/** So many deletions at a time leave a table with little capacity room for its own work. */
const AT_ONCE = 8;

/** Whose partitions the table has, by names; it is read whole. */
export const subjectsIn = async ({ client, table }: Table): Promise<readonly NoticeSubject[]> => {
  const partitions = new Set<string>();
  try {
    const pages = paginateScan({ client }, { TableName: table, ProjectionExpression: 'pk' });
    for await (const { Items = [] } of pages) for (const { pk } of Items) partitions.add(pk?.S ?? '');
  } catch (cause) {
    return failed(LedgerError, `${table} could not be scanned`)(cause);
  }
  return [...partitions].sort().flatMap((partition) => subjectOf(partition) ?? []);
};

/** The sort keys of all that the table has of a cylinder or a gateway. */
export const sortsOf = async (table: Table, subject: NoticeSubject): Promise<readonly string[]> => {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: partitionOf(subject) } },
    ProjectionExpression: 'pk, sk',
    ConsistentRead: true,
  });
  return items.flatMap(({ sk }) => sk?.S ?? []);
};

/** Deletes items of a cylinder or a gateway; what is gone already does no harm. */
export const deleteItems = async (
  { client, table }: Table,
  subject: NoticeSubject,
  sorts: readonly string[],
): Promise<void> => {
  await inParallel(AT_ONCE, sorts, (sort) =>
    client
      .send(new DeleteItemCommand({ TableName: table, Key: keyOf(subject, sort) }))
      .catch(failed(LedgerError, `${partitionOf(subject)} ${sort} could not be deleted`)),
  );
};

/** A notice as the ledger keeps it, for people who look: times in ms, null where it has not come to that. */
export type KeptNotice = Readonly<{
  id: string;
  /** What kind of notice it is; null where it cannot be read. */
  type: string | null;
  createdAt: number | null;
  claimedUntil: number | null;
  toldAt: number | null;
}>;

const time = (item: TableItem, field: string): number | null => {
  const text = item[field]?.N;
  return text === undefined ? null : Number(text);
};

const typeOf = (text: string | undefined, id: string): string | null => {
  try {
    return noticeCodec.decode(text ?? '', id).output.type;
  } catch {
    return null;
  }
};

/** The notices of a cylinder or a gateway that the ledger still has, oldest first. */
export const readNotices = async (
  ledger: Pick<LedgerTable, 'client' | 'table'>,
  subject: NoticeSubject,
): Promise<readonly KeptNotice[]> => {
  const items = await queryAll(ledger, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: partitionOf(subject) } },
    ConsistentRead: true,
  });
  return items
    .filter(({ sk }) => sk?.S?.startsWith(NOTICE))
    .map((item) => {
      const id = item.sk?.S?.slice(NOTICE.length) ?? '';
      return {
        id,
        type: typeOf(item.notice?.S, id),
        createdAt: time(item, 'createdAt'),
        claimedUntil: time(item, 'tellingUntil'),
        toldAt: time(item, 'toldAt'),
      };
    })
    .toSorted((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0));
};
