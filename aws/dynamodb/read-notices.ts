import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { NOTICE, partitionOf, type TableItem } from './key.ts';
import { type LedgerTable, queryAll } from './table.ts';

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
