import { memoryNotificationLog } from './memory-notification-log.ts';
import { notificationLogContract } from './notification-log-contract.ts';

notificationLogContract('the log in memory', () => {
  const log = memoryNotificationLog();
  return Promise.resolve({
    log,
    leaseMs: 60_000,
    put: (subject, noticeId) => Promise.resolve(log.put(subject, noticeId)),
    close: () => Promise.resolve(),
  });
});
