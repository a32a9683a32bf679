import { memoryNotifier } from './memory-notifier.ts';
import { notifierContract } from './notifier-contract.ts';

notifierContract('the notifier in memory', () => {
  const notifier = memoryNotifier();
  return Promise.resolve({
    notifier,
    notified: () => Promise.resolve(notifier.notified.map(({ output }) => output.id)),
    close: () => Promise.resolve(),
  });
});
