import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { noticeBefore } from '../../domain/notice/notice.ts';
import type { NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';
import { failed, LedgerError } from '../aws-error.ts';
import { keyOf, noticeSort, partitionOf, type TableItem } from './key.ts';

type Options = Readonly<{
  client: DynamoDBClient;
  table: string;
  /** How long a claim holds, ms: longer than any run of `notify` may take (default two minutes). */
  leaseMs?: number;
  /** How long a notice waits for the one before it, ms (default ten minutes). */
  waitMs?: number;
  /** How long a notified notice is kept (default 90 days), for a delivery repeated from a failed batch. */
  keepDays?: number;
}>;

const DAY_S = 86_400;
const NAMES = { '#until': 'tellingUntil', '#by': 'tellingBy', '#told': 'toldAt', '#expires': 'expiresAt' };

type Expressions = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
>;

/** The names that the expressions use: DynamoDB refuses any other. */
const namesIn = ({ UpdateExpression, ConditionExpression }: Expressions): Record<string, string> =>
  Object.fromEntries(
    Object.entries(NAMES).filter(([name]) => `${UpdateExpression} ${ConditionExpression}`.includes(name)),
  );

const keyText = (subject: NoticeSubject, noticeId: string): string =>
  JSON.stringify([partitionOf(subject), noticeId]);

/** The notices of the ledger's table: each is claimed by a conditional write before it is notified. */
export const createDynamoNotificationLog = ({
  client,
  table,
  leaseMs = 120_000,
  waitMs = 600_000,
  keepDays = 90,
}: Options): NotificationLog => {
  const held = new Map<string, string>();

  /** Writes to a notice under a condition; where it is not met, what is there instead: nothing is an empty item. */
  const update = async (
    subject: NoticeSubject,
    noticeId: string,
    expressions: Expressions,
  ): Promise<TableItem | null> => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(subject, noticeSort(noticeId)),
      ...expressions,
      ExpressionAttributeNames: namesIn(expressions),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await client.send(command);
      return null;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
      return failed(LedgerError, `notice ${noticeId} of ${partitionOf(subject)} could not be marked`)(error);
    }
  };

  /** Whether the notice before this one of the same incident still waits; one that waits for long is not waited for. */
  const isAhead = async (subject: NoticeSubject, noticeId: string, now: number): Promise<boolean> => {
    const before = noticeBefore(noticeId);
    if (before === null) return false;
    const Key = keyOf(subject, noticeSort(before));
    const { Item } = await client
      .send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
      .catch(failed(LedgerError, `notice ${before} could not be looked at`));
    return Item !== undefined && Item.toldAt === undefined && now - Number(Item.createdAt?.N ?? 0) < waitMs;
  };

  return {
    async claim(subject, noticeId, now) {
      if (await isAhead(subject, noticeId, now)) return 'busy';
      const me = randomUUID();
      const standing = await update(subject, noticeId, {
        UpdateExpression: 'SET #until = :until, #by = :me',
        ConditionExpression:
          'attribute_exists(pk) AND attribute_not_exists(#told) AND (attribute_not_exists(#until) OR #until <= :now)',
        ExpressionAttributeValues: {
          ':until': { N: String(now + leaseMs) },
          ':now': { N: String(now) },
          ':me': { S: me },
        },
      });
      // An attempt before this one may have claimed it, its answer lost.
      if (standing === null || standing.tellingBy?.S === me) {
        held.set(keyText(subject, noticeId), me);
        return 'claimed';
      }
      return standing.pk === undefined || standing.toldAt !== undefined ? 'notified' : 'busy';
    },
    async notified(subject, noticeId, now) {
      held.delete(keyText(subject, noticeId));
      await update(subject, noticeId, {
        UpdateExpression: 'SET #told = :now, #expires = :expires REMOVE #until, #by',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#told)',
        ExpressionAttributeValues: {
          ':now': { N: String(now) },
          ':expires': { N: String(Math.ceil(now / 1000) + keepDays * DAY_S) },
        },
      });
    },
    async release(subject, noticeId) {
      const key = keyText(subject, noticeId);
      const me = held.get(key);
      held.delete(key);
      // A claim that has lapsed may be another's by now.
      if (me === undefined) return;
      await update(subject, noticeId, {
        UpdateExpression: 'REMOVE #until, #by',
        ConditionExpression: '#by = :me',
        ExpressionAttributeValues: { ':me': { S: me } },
      });
    },
  };
};
