import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LedgerItem, NotificationItem, Outbox, OutboxEntry } from '../../usecases/ports/outbox.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { type NotifyPorts, orderKey, sendNotifications } from '../../usecases/send-notifications.ts';
import type { SqliteNotificationLog } from '../ledger/sqlite-notification-log.ts';
import { outgoingItem } from '../ledger/sqlite-outbox.ts';

export type RelayPorts = NotifyPorts &
  Readonly<{
    outbox: Outbox;
    log: SqliteNotificationLog;
    twins: Twins;
    /** Says what may have been sent before a crash, or may not. */
    onDoubtful: (items: readonly NotificationItem[]) => void;
  }>;

export type Relay = Readonly<{
  /** Sends out all that waits; one run at a time. Rejects when a service failed: what was not sent still waits. */
  drain(): Promise<void>;
}>;

const MAX_ENTRIES = 200;
/** As many lines as a pipe takes in one piece, whoever reads it and however slowly. */
const MAX_LINES = 8;

const isNotification = (item: LedgerItem): item is NotificationItem =>
  item.kind === 'notice' || item.kind === 'transition';

/** Splits items, in their order, into runs that can be sent at once: none in a run has to wait for another. */
const runsOf = (items: readonly NotificationItem[]): readonly (readonly NotificationItem[])[] => {
  const runs: NotificationItem[][] = [];
  let keys = new Set<string | null>();
  for (const item of items) {
    const key = orderKey(item);
    const run = runs.at(-1);
    if (run === undefined || run.length === MAX_LINES || keys.has(key)) {
      runs.push([item]);
      keys = new Set([key]);
    } else {
      run.push(item);
      keys.add(key);
    }
  }
  return runs;
};

/** Throws what kept the first of the items from going out. */
const throwFirst = ([failure]: readonly Readonly<{ error: unknown }>[]): void => {
  if (failure === undefined) return;
  const { error } = failure;
  throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
};

/**
 * Carries what the ledger's outbox holds to where it belongs: first what people are waiting for, each once; then what
 * only says again what is stored already. All of it is crossed off together when it is out.
 */
export const createRelay = (ports: RelayPorts): Relay => {
  const { outbox, log, onDoubtful } = ports;
  const send = sendNotifications(ports);
  const report = reportTwins(ports);
  let running: Promise<void> | null = null;
  let again = false;
  let isFirst = true;

  const crossOff = (entries: readonly OutboxEntry[]): Promise<void> =>
    outbox.done(entries.map(({ id }) => id));

  const settleDoubtful = async (): Promise<void> => {
    const entries = await log.doubtful();
    if (entries.length === 0) return;
    onDoubtful(entries.map(outgoingItem).filter(isNotification));
    await crossOff(entries);
  };

  const sendAll = async (entries: readonly OutboxEntry[]): Promise<void> => {
    const items = entries.map(outgoingItem);
    for (const run of runsOf(items.filter(isNotification))) throwFirst((await send(run)).failures);
    const others = items.filter((item) => !isNotification(item));
    throwFirst((await send(others)).failures);
    throwFirst((await report(others)).failed);
    await crossOff(entries);
  };

  const run = async (): Promise<void> => {
    try {
      // What the commit before this one lets go on, as acknowledgements, comes between no claim and its sending.
      await nextTurn();
      if (isFirst) await settleDoubtful();
      isFirst = false;
      do {
        again = false;
        for (
          let left = await outbox.pending(MAX_ENTRIES);
          left.length > 0;
          left = await outbox.pending(MAX_ENTRIES)
        ) {
          await sendAll(left);
        }
      } while (again);
    } finally {
      running = null;
    }
  };

  return {
    drain: () => {
      again = true;
      running ??= run();
      return running;
    },
  };
};
