import { CANARY } from '../domain/message/topic.ts';
import { noticeNumber, noticeSeries } from '../domain/notice/notice.ts';
import { SentinelError } from '../domain/sentinel-error.ts';
import type { EventStore, StoredEvent } from './ports/event-store.ts';
import type { NoticeSubject, NotificationLog, Notifier } from './ports/notification-log.ts';
import type { LedgerItem } from './ports/outbox.ts';
import type { Telemetry } from './ports/telemetry.ts';

type NotificationPorts = Readonly<{ log: NotificationLog; now: () => number }>;

/** How often it is tried to note that a notice was sent, before it is left to be sent again. */
const NOTE_ATTEMPTS = 3;

const note = async ({ log, now }: NotificationPorts, subject: NoticeSubject, id: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await log.notified(subject, id, now());
    } catch (cause) {
      if (attempt === NOTE_ATTEMPTS)
        throw new Error(`Notice ${id} was sent, but that could not be noted: it may be sent twice.`, {
          cause,
        });
    }
  }
};

const giveUp = async ({ log }: NotificationPorts, subject: NoticeSubject, id: string): Promise<void> => {
  try {
    await log.release(subject, id);
  } catch {
    // The claim lapses by itself; what has to be known is why the notice could not be sent.
  }
};

/**
 * Sends a notice unless somebody has: claims it, sends it, notes it. It can be sent twice only where the service took
 * it and the run ended, or the log failed three times, before that was noted; or where the service took it and its
 * answer was lost. Neither can be ruled out, since sending and noting are two services. Rejects where a service failed
 * or another run holds the notice.
 */
const sendNotification = async (
  ports: NotificationPorts,
  subject: NoticeSubject,
  id: string,
  send: () => Promise<void>,
): Promise<'notified' | 'skipped'> => {
  const claim = await ports.log.claim(subject, id, ports.now());
  if (claim === 'notified') return 'skipped';
  if (claim === 'busy')
    throw new Error(`Notice ${id} is being sent by another run, or was when that run ended: try again.`);
  try {
    await send();
  } catch (cause) {
    await giveUp(ports, subject, id);
    throw new Error(`Notice ${id} could not be sent: try again.`, { cause });
  }
  await note(ports, subject, id);
  return 'notified';
};

export type NotifyPorts = NotificationPorts &
  Readonly<{ notifier: Notifier; telemetry: Pick<Telemetry, 'recordIncident'> & Partial<EventStore> }>;

/** An item that has to be given again, or parked, by its place in the batch. */
export type ItemFailure = Readonly<{ index: number; error: Error }>;

/** What became of a batch; failures are in the order of the batch. */
export type NotifyOutcome = Readonly<{
  notified: number;
  /** Notices that had been sent already. */
  skipped: number;
  recorded: number;
  failures: readonly ItemFailure[];
}>;

type Ending = 'notified' | 'skipped' | 'recorded' | 'nothing' | Error;
type Placed = Readonly<{ index: number; item: LedgerItem }>;

/** Items with the same key are done one after the other, and none after one that failed; null needs no order. */
export const orderKey = (item: LedgerItem): string | null => {
  if (item.kind === 'notice' || item.kind === 'transition')
    return `${item.kind}s of ${item.subject.kind} ${item.subject.name}`;
  return item.kind === 'incident' ? `incident ${item.incident.id}` : null;
};

const numberOf = ({ item }: Placed): number =>
  item.kind === 'notice' ? noticeNumber(item.notice.output.id) : 0;
const seriesOf = ({ item }: Placed): string =>
  item.kind === 'notice' ? noticeSeries(item.notice.output.id) : '';

/** Of one incident the notices by their number: the stream says nothing of the order within one transaction. */
const inTheirOrder = (row: readonly Placed[]): readonly Placed[] => {
  if (row.length < 2) return row;
  const left = Map.groupBy(row, seriesOf);
  for (const [series, placed] of left)
    left.set(
      series,
      placed.toSorted((a, b) => numberOf(a) - numberOf(b)),
    );
  return row.map((placed) => left.get(seriesOf(placed))?.shift() ?? placed);
};

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('Something was thrown that is no error.', { cause: thrown });

/**
 * Records what happened. Where that fails it is an error that is not tried again by itself: what comes behind it in the
 * stream may be a notice, which must not wait for the store of telemetry.
 */
const recordEvent = async ({ telemetry }: NotifyPorts, event: StoredEvent): Promise<void> => {
  try {
    await telemetry.recordEvents?.([event]);
  } catch (cause) {
    throw new SentinelError(
      'poison',
      'What happened could not be recorded: give it again by a redrive',
      cause,
    );
  }
};

const handle = async (ports: NotifyPorts, item: LedgerItem): Promise<Ending> => {
  switch (item.kind) {
    case 'notice': {
      const ending = await sendNotification(ports, item.subject, item.notice.output.id, () =>
        ports.notifier.notify(item.notice),
      );
      // It counts nothing that people were told of.
      return item.subject.name === CANARY ? 'nothing' : ending;
    }
    case 'transition':
      return await sendNotification(
        ports,
        item.subject,
        item.id,
        async () => await ports.notifier.follow?.(item.transition),
      );
    case 'incident':
      await ports.telemetry.recordIncident(item.incident);
      return 'recorded';
    case 'event':
      await recordEvent(ports, item.event);
      return 'recorded';
    case 'malformed':
      return new SentinelError(
        'poison',
        `${item.name} in the ledger's stream ${item.fault}: park it and look at it.`,
      );
    case 'twin':
    case 'nothing':
      return 'nothing';
  }
};

const inOrder = async (
  ports: NotifyPorts,
  placed: readonly Placed[],
): Promise<readonly (readonly [index: number, ending: Ending])[]> => {
  const endings: (readonly [number, Ending])[] = [];
  let failed: Error | null = null;
  for (const { index, item } of placed) {
    if (failed !== null) {
      // Whatever is wrong with the earlier one, this one may succeed later.
      const waits = new Error('Waits for an earlier one that failed.', { cause: failed });
      endings.push([index, Object.assign(waits, { code: 'retry' })]);
      continue;
    }
    const ending = await handle(ports, item).catch(asError);
    if (ending instanceof Error) failed = ending;
    endings.push([index, ending]);
  }
  return endings;
};

/**
 * Sends the new notices of the ledger, each once, and records its incidents and what happened. What fails holds up nothing but
 * the later notices of the same cylinder or gateway, and the later records of the same incident, which fail with it so
 * that they are given again in their order; an item that was never understood, or that only analysts ask for, holds up nobody. A batch may be given
 * again, whole or in part, as often as it takes. See `sendNotification` for when a notice could be sent twice.
 */
export const sendNotifications =
  (ports: NotifyPorts) =>
  async (items: readonly LedgerItem[]): Promise<NotifyOutcome> => {
    const placed = items.map((item, index): Placed => ({ index, item }));
    const rows = Map.groupBy(placed, ({ index, item }) => orderKey(item) ?? `item ${index}`);
    const endings = (
      await Promise.all([...rows.values()].map((row) => inOrder(ports, inTheirOrder(row))))
    ).flat();
    const count = (wanted: Ending): number => endings.filter(([, ending]) => ending === wanted).length;
    return {
      notified: count('notified'),
      skipped: count('skipped'),
      recorded: count('recorded'),
      failures: endings
        .flatMap(([index, error]) => (error instanceof Error ? [{ index, error }] : []))
        .sort((a, b) => a.index - b.index),
    };
  };
