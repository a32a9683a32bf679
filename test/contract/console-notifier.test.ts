import { createConsoleNotifier } from '../../local/console/console-notifier.ts';
import { notifierContract } from './notifier-contract.ts';

notifierContract('the notifier on a console', () => {
  const ids: string[] = [];
  let isBroken = false;
  const notifier = createConsoleNotifier((items) => {
    if (isBroken) throw new Error('nobody reads');
    ids.push(...items.flatMap((item) => (item.kind === 'notice' ? [item.notice.output.id] : [])));
    return items.map(() => undefined);
  });
  return Promise.resolve({
    notifier,
    notified: () => Promise.resolve([...ids]),
    breakDown: () => {
      isBroken = true;
    },
    repair: () => {
      isBroken = false;
    },
    close: () => Promise.resolve(),
  });
});
