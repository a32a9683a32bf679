import type { Notice } from '../../domain/notice/notice.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';

/** A notifier that keeps its port's contract in memory: what it notified, in the order in which it was notified. */
export const memoryNotifier = (): Notifier & Readonly<{ notified: readonly Notice[] }> => {
  const notified: Notice[] = [];
  return {
    notified,
    notify(notice) {
      notified.push(notice);
      return Promise.resolve();
    },
  };
};
