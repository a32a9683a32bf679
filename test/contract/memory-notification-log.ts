import { noticeBefore } from '../../domain/notice/notice.ts';
import type { NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';

type Kept = Readonly<{ tellingUntil: number; toldAt: number | null }>;

const keyOf = ({ kind, name }: NoticeSubject, noticeId: string): string =>
  JSON.stringify([kind, name, noticeId]);

/** A notice box that keeps its port's contract in memory; `put` is what the ledger does when it saves a notice. */
export const memoryNotificationLog = (
  leaseMs = 60_000,
): NotificationLog & Readonly<{ put(subject: NoticeSubject, noticeId: string): void }> => {
  const notices = new Map<string, Kept>();
  const change = (key: string, changed: Partial<Kept>): void => {
    const kept = notices.get(key);
    if (kept !== undefined) notices.set(key, { ...kept, ...changed });
  };
  return {
    put: (subject, noticeId) => {
      notices.set(keyOf(subject, noticeId), { tellingUntil: Number.NEGATIVE_INFINITY, toldAt: null });
    },
    claim(subject, noticeId, now) {
      const key = keyOf(subject, noticeId);
      const kept = notices.get(key);
      if (kept === undefined || kept.toldAt !== null) return Promise.resolve('told');
      const before = noticeBefore(noticeId);
      const ahead = before === null ? undefined : notices.get(keyOf(subject, before));
      if (ahead !== undefined && ahead.toldAt === null) return Promise.resolve('busy');
      if (now < kept.tellingUntil) return Promise.resolve('busy');
      change(key, { tellingUntil: now + leaseMs });
      return Promise.resolve('claimed');
    },
    told(subject, noticeId, now) {
      change(keyOf(subject, noticeId), { toldAt: now });
      return Promise.resolve();
    },
    release(subject, noticeId) {
      change(keyOf(subject, noticeId), { tellingUntil: Number.NEGATIVE_INFINITY });
      return Promise.resolve();
    },
  };
};
