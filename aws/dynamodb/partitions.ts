import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { failed, LedgerError } from '../aws-error.ts';
import { inParallel } from '../in-parallel.ts';
import { keyOf, partitionOf, subjectOf } from './key.ts';
import { queryAll } from './table.ts';

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
