import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { failureCode, LedgerError } from '../aws-error.ts';
import { subjectOf } from './key.ts';
import type { LedgerTable } from './table.ts';

type Question = Pick<
  QueryCommandInput,
  'IndexName' | 'KeyConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Whose states an index holds, each once, page by page. An index follows the table within a moment, not at once. */
const ask = async ({ client, table }: LedgerTable, question: Question): Promise<readonly NoticeSubject[]> => {
  const partitions = new Set<string>();
  try {
    for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...question })) {
      for (const { pk } of Items) if (pk?.S !== undefined) partitions.add(pk.S);
    }
  } catch (cause) {
    throw new LedgerError(
      failureCode(cause),
      `the index ${question.IndexName} of ${table} could not be read`,
      cause,
    );
  }
  return [...partitions].flatMap((partition) => subjectOf(partition) ?? []);
};

/** Whose time may have come by `now`, ms. */
export const askDue = (ledger: LedgerTable, now: number): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-due',
    KeyConditionExpression: '#kind = :due AND #at <= :now',
    ExpressionAttributeNames: { '#kind': 'dueKind', '#at': 'dueAt' },
    ExpressionAttributeValues: { ':due': { S: 'due' }, ':now': { N: String(now) } },
  });

/** Whose last sample came by the gateway. */
export const askGateway = (ledger: LedgerTable, gateway: string): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-gateway',
    KeyConditionExpression: '#gateway = :gateway',
    ExpressionAttributeNames: { '#gateway': 'gateway' },
    ExpressionAttributeValues: { ':gateway': { S: gateway } },
  });
