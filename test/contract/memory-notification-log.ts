import { noticeBefore } from '../../domain/notice/notice.ts';
import type { NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';

type Kept = Readonly<{ claimedUntil: number; notifiedAt: number | null }>;

const keyOf = ({ kind, name }: NoticeSubject, noticeId: string): string =>
  JSON.stringify([kind, name, noticeId]);

/** A log that keeps its port's contract in memory; `put` is what the ledger does when it saves a notice. */
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
      notices.set(keyOf(subject, noticeId), { claimedUntil: Number.NEGATIVE_INFINITY, notifiedAt: null });
    },
    claim(subject, noticeId, now) {
      const key = keyOf(subject, noticeId);
      const kept = notices.get(key);
      if (kept === undefined || kept.notifiedAt !== null) return Promise.resolve('notified');
      const before = noticeBefore(noticeId);
      const ahead = before === null ? undefined : notices.get(keyOf(subject, before));
      if (ahead !== undefined && ahead.notifiedAt === null) return Promise.resolve('busy');
      if (now < kept.claimedUntil) return Promise.resolve('busy');
      change(key, { claimedUntil: now + leaseMs });
      return Promise.resolve('claimed');
    },
    notified(subject, noticeId, now) {
      change(keyOf(subject, noticeId), { notifiedAt: now });
      return Promise.resolve();
    },
    release(subject, noticeId) {
      change(keyOf(subject, noticeId), { claimedUntil: Number.NEGATIVE_INFINITY });
      return Promise.resolve();
    },
  };
};
