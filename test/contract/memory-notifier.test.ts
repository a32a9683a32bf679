import { memoryNotifier } from './memory-notifier.ts';
import { notifierContract } from './notifier-contract.ts';

notifierContract('the notifier in memory', () => {
  const notifier = memoryNotifier();
  return Promise.resolve({
    notifier,
    told: () => Promise.resolve(notifier.told.map(({ output }) => output.id)),
    close: () => Promise.resolve(),
  });
});
