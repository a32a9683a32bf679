import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { LedgerItem, NotificationItem, Outbox, OutboxEntry } from '../../usecases/ports/outbox.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { type NotifyPorts, orderKey, sendNotifications } from '../../usecases/send-notifications.ts';
import type { SqliteNotificationLog } from '../ledger/sqlite-notification-log.ts';
import { outgoingItem } from '../ledger/sqlite-outbox.ts';
import { LocalError } from '../run/local-error.ts';

export type RelayPorts = NotifyPorts &
  Readonly<{
    outbox: Outbox;
    log: SqliteNotificationLog;
    twins: Twins;
    /** Says what may have been sent before a crash, or may not. */
    onDoubtful: (items: readonly NotificationItem[]) => void;
    late: LateConsole;
  }>;

/** What goes on while a console is not read. */
export type LateConsole = Readonly<{
  /** Resolves when a console has been waited for long enough, or at the signal. */
  patience: (signal: AbortSignal) => Promise<void>;
  /** What waits beside notifications, from an entry on. */
  pendingBeside(afterId: number, limit: number): Promise<readonly OutboxEntry[]>;
  /** Lets the other channels tell what waits for the console. */
  handOverBeside(): Promise<void>;
  /** A console that was late failed after all, or what waited for it. */
  fail: (error: unknown) => void;
  /** Whether the console is read, where that has changed. */
  onLate: (isLate: boolean) => void;
}>;

const PATIENCE_MS = 1000;

/** So long a console may take before all else goes on without it. */
export const consolePatience: LateConsole['patience'] = (signal) =>
  delay(PATIENCE_MS, undefined, { signal }).catch(() => undefined);

export type Relay = Readonly<{
  /**
   * Sends out all that waits; one run at a time. Rejects when a service failed: what was not sent still waits. What a
   * console does not take holds up nothing else: it stays on the outbox until the console is read.
   */
  drain(): Promise<void>;
  /** Resolves when nothing waits for the console any more. */
  settled(): Promise<void>;
  /** Resolves when nothing is being sent to the console any more, and sends nothing after that. */
  end(): Promise<void>;
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

/** Throws what kept the first of the items from going out: what a store says in its one line, or what is behind a try. */
const throwFirst = ([failure]: readonly Readonly<{ error: unknown }>[]): void => {
  if (failure === undefined) return;
  const { error } = failure;
  if (error instanceof LocalError) throw error;
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

  /** Of a console that takes long: resolves when all that was being sent there is out. */
  let late: Promise<void> | null = null;
  let isEnding = false;
  let besideId = 0;

  const tell = async (items: readonly NotificationItem[]): Promise<void> => {
    try {
      for (const run of runsOf(items)) {
        if (isEnding) return;
        throwFirst((await send(run)).failures);
      }
    } finally {
      await log.noted();
    }
  };

  const goOnLater = async (telling: Promise<void>): Promise<void> => {
    ports.late.onLate(true);
    try {
      await telling;
    } catch (error) {
      if (!isEnding) ports.late.fail(error);
      // Nobody is there to send to: all that waits does so for the next start.
      isEnding = true;
      return;
    } finally {
      late = null;
    }
    if (isEnding) return;
    ports.late.onLate(false);
    relay.drain().catch(ports.late.fail);
  };

  /** Whether it took longer than there is patience for, and goes on by itself. */
  const isLate = async (telling: Promise<void>): Promise<boolean> => {
    const waiting = new AbortController();
    const tooLong = ports.late.patience(waiting.signal).then(() => true);
    const ended = await Promise.race([telling.then(() => false), tooLong]).finally(() => waiting.abort());
    if (ended) late = goOnLater(telling);
    return ended;
  };

  const sendOthers = async (others: readonly LedgerItem[]): Promise<void> => {
    throwFirst((await send(others)).failures);
    throwFirst((await report(others)).failed);
  };

  const sendAll = async (entries: readonly OutboxEntry[]): Promise<void> => {
    const items = entries.map(outgoingItem);
    const notifications = items.filter(isNotification);
    if (notifications.length > 0 && (await isLate(tell(notifications)))) return;
    if (isEnding) return;
    await sendOthers(items.filter((item) => !isNotification(item)));
    await crossOff(entries);
  };

  /** What needs no console. */
  const sendBeside = async (): Promise<void> => {
    for (;;) {
      const entries = await ports.late.pendingBeside(besideId, MAX_ENTRIES);
      if (entries.length === 0) break;
      await sendOthers(entries.map(outgoingItem));
      await crossOff(entries);
      besideId = Math.max(besideId, ...entries.map(({ id }) => id));
    }
    await ports.late.handOverBeside();
  };

  const run = async (): Promise<void> => {
    try {
      // What the commit before this one lets go on, as acknowledgements, comes between no claim and its sending.
      await nextTurn();
      if (isFirst) await settleDoubtful();
      isFirst = false;
      do {
        again = false;
        while (late === null && !isEnding) {
          const left = await outbox.pending(MAX_ENTRIES);
          if (left.length === 0) break;
          await sendAll(left);
        }
        if (late !== null) await sendBeside();
      } while (again);
    } finally {
      running = null;
    }
  };

  const relay: Relay = {
    drain: () => {
      again = true;
      running ??= run();
      return running;
    },
    settled: async () => {
      while (late !== null) {
        await late;
        await relay.drain();
      }
    },
    end: async () => {
      isEnding = true;
      await late;
    },
  };
  return relay;
};
