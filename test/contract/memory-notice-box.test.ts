import { memoryNoticeBox } from './memory-notice-box.ts';
import { noticeBoxContract } from './notice-box-contract.ts';

noticeBoxContract('the notice box in memory', () => {
  const box = memoryNoticeBox();
  return Promise.resolve({
    box,
    leaseMs: 60_000,
    put: (subject, noticeId) => Promise.resolve(box.put(subject, noticeId)),
    close: () => Promise.resolve(),
  });
});
