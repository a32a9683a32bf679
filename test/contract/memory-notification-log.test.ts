import { memoryNotificationLog } from './memory-notification-log.ts';
import { notificationLogContract } from './notification-log-contract.ts';

notificationLogContract('the notice box in memory', () => {
  const box = memoryNotificationLog();
  return Promise.resolve({
    box,
    leaseMs: 60_000,
    put: (subject, noticeId) => Promise.resolve(box.put(subject, noticeId)),
    close: () => Promise.resolve(),
  });
});
