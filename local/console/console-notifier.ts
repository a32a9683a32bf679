import type { Notifier } from '../../usecases/ports/notifier.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import { gathered } from '../ledger/gathered.ts';

/** What is shown on a console: notices to people, transitions to whoever follows the alarm line by line. */
export type ConsoleItem = Extract<OutboxItem, Readonly<{ kind: 'notice' | 'transition' }>>;

/** Notifies on a console; what comes in one turn is shown together. It is out when `show` returns. */
export const createConsoleNotifier = (show: (items: readonly ConsoleItem[]) => void): Required<Notifier> => {
  const put = gathered((items: readonly ConsoleItem[]) => {
    show(items);
    return items.map(() => undefined);
  });
  return {
    notify: (notice) => put({ kind: 'notice', notice }),
    follow: (transition) => put({ kind: 'transition', transition }),
  };
};
