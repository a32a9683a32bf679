import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { DUE_KINDS, subjectOf } from './key.ts';
import { type LedgerTable, queryAll } from './table.ts';

/** Whose states an index holds, each once. An index follows the table within a moment, not at once. */
const ask = async (
  ledger: LedgerTable,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly NoticeSubject[]> => {
  const partitions = new Set((await queryAll(ledger, query)).map(({ pk }) => pk?.S ?? ''));
  return [...partitions].flatMap((partition) => subjectOf(partition) ?? []);
};

const askByDue = async (
  ledger: LedgerTable,
  range: '<= :now' | '>= :from',
  time: number,
): Promise<readonly NoticeSubject[]> => {
  const asked = DUE_KINDS.map((kind) => askOneKind(ledger, kind, range, time));
  return (await Promise.all(asked)).flat();
};

const askOneKind = (
  ledger: LedgerTable,
  kind: string,
  range: '<= :now' | '>= :from',
  time: number,
): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-due',
    KeyConditionExpression: `#kind = :due AND #at ${range}`,
    ExpressionAttributeNames: { '#kind': 'dueKind', '#at': 'dueAt' },
    ExpressionAttributeValues: { ':due': { S: kind }, [range.slice(3)]: { N: String(time) } },
  });

/** Whose time may have come by `now`, ms, or comes only after `beyond`. */
export const askDue = async (
  ledger: LedgerTable,
  now: number,
  beyond: number | undefined,
): Promise<readonly NoticeSubject[]> => {
  const asked = [askByDue(ledger, '<= :now', now)];
  if (beyond !== undefined) asked.push(askByDue(ledger, '>= :from', beyond + 1));
  return (await Promise.all(asked)).flat();
};

/** Whose last sample came by the gateway. */
export const askGateway = (ledger: LedgerTable, gateway: string): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-gateway',
    KeyConditionExpression: '#gateway = :gateway',
    ExpressionAttributeNames: { '#gateway': 'gateway' },
    ExpressionAttributeValues: { ':gateway': { S: gateway } },
  });
