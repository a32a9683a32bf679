import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { type KeptNotice, readNotices } from '../../aws/dynamodb/partitions.ts';
import { utcText } from '../../notification/time-text.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { entryOf, type LedgerEntry, type OutgoingItem } from './entry-lines.ts';

/** As many as people want to see of the notices of 90 days. */
const NEWEST = 10;

const outgoing = ({ id, type, createdAt, claimedUntil, toldAt }: KeptNotice): OutgoingItem => {
  const what = `notice ${id} ${type ?? 'that cannot be read'}`;
  if (toldAt !== null) return { what, state: `told ${utcText(toldAt)}` };
  const since = createdAt === null ? '' : ` since ${utcText(createdAt)}`;
  if (claimedUntil === null) return { what, state: `waits${since}` };
  return { what, state: `waits${since}, claimed until ${utcText(claimedUntil)}` };
};

/** What the ledger in DynamoDB holds of a cylinder or gateway; null where it knows none of that name. */
export const awsEntry = async (
  settings: DynamoDBClientConfig,
  table: string,
  subject: NoticeSubject,
): Promise<LedgerEntry | null> => {
  const client = new DynamoDBClient(settings);
  try {
    const ledger = createDynamoLedger({ client, table });
    const notices = await readNotices({ client, table }, subject);
    const about = { ledger: `table ${table}`, outgoing: notices.slice(-NEWEST).map(outgoing) };
    return await entryOf(ledger, subject, about);
  } finally {
    client.destroy();
  }
};
