import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../../domain/notice/notice.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';
import type { NotificationLog, Notifier } from '../../usecases/ports/notification-log.ts';
import type { LedgerItem } from '../../usecases/ports/outbox.ts';
import { sendNotifications } from '../../usecases/send-notifications.ts';
import { cylinder, incidentItem, noticeItem } from '../aws/dynamodb/ledger-items.ts';
import { memoryNotificationLog } from '../contract/memory-notification-log.ts';
import { memoryNotifier } from '../contract/memory-notifier.ts';
import { memoryTelemetry } from '../contract/memory-telemetry.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { AT } from '../fixture/notice-samples.ts';

const LEASE_MS = 60_000;
const MALFORMED: LedgerItem = { kind: 'malformed', name: 'C#c N#1', fault: 'is no notice' };

const BATCH = [noticeItem('c', 1), noticeItem('d', 1), incidentItem('c', 0), noticeItem('c', 2)];

const ports = (items: readonly LedgerItem[] = BATCH) => {
  const log = memoryNotificationLog(LEASE_MS);
  for (const item of items) if (item.kind === 'notice') log.put(item.subject, item.notice.output.id);
  return { log, notifier: memoryNotifier(), telemetry: memoryTelemetry(), now: () => AT };
};

const idsOf = (notified: readonly Notice[]): readonly string[] =>
  notified.map(({ output }) => output.id).sort();
const ALL = ['c@1#1', 'c@1#2', 'd@1#1'];

test('each notice is notified once and its incident recorded, however often the batch is given', async () => {
  const given = ports();
  assert.deepEqual(await sendNotifications(given)(BATCH), {
    notified: 3,
    skipped: 0,
    recorded: 1,
    failures: [],
  });
  assert.deepEqual(await sendNotifications(given)(BATCH), {
    notified: 0,
    skipped: 3,
    recorded: 1,
    failures: [],
  });
  assert.deepEqual(idsOf(given.notifier.notified), ALL);
  assert.deepEqual([...given.telemetry.incidents.keys()], ['c@1']);
});

const SENT: LedgerItem = {
  kind: 'event',
  event: {
    kind: 'step',
    cylinder: 'c',
    incident: 'c@1',
    place: '2.0',
    event: { kind: 'raised', at: AT, by: null, text: null, channel: null },
  },
};

test('what happened is recorded where it can be, fails by itself, and is nothing where nobody records it', async () => {
  const recorded: unknown[] = [];
  const given = ports();
  const recordEvents = (events: readonly unknown[]) => Promise.resolve(void recorded.push(...events));
  const outcome = await sendNotifications({ ...given, telemetry: { ...given.telemetry, recordEvents } })([
    SENT,
    ...BATCH,
  ]);
  assert.deepEqual([outcome.recorded, outcome.notified, outcome.failures], [2, 3, []]);
  assert.deepEqual(recorded, [SENT.event]);
  const failing = { ...ports().telemetry, recordEvents: () => Promise.reject(new Error('throttled')) };
  const { failures, notified } = await sendNotifications({ ...ports(), telemetry: failing })([
    SENT,
    ...BATCH,
  ]);
  assert.deepEqual([failures.map(({ index }) => index), notified], [[0], 3]);
  // It becomes a dead letter: what is behind it in the stream must not wait.
  assert.equal(failures[0]?.error instanceof SentinelError && failures[0].error.code, 'poison');
  assert.deepEqual((await sendNotifications(ports())([SENT])).failures, []);
});

test('an empty batch, and one with nothing to notify, is nothing', async () => {
  const nothing = { notified: 0, skipped: 0, recorded: 0, failures: [] };
  assert.deepEqual(await sendNotifications(ports())([]), nothing);
  assert.deepEqual(await sendNotifications(ports())([{ kind: 'nothing' }]), nothing);
});

test('a notice that cannot be notified holds up the later ones of its cylinder and no other', async () => {
  const given = ports();
  const notifier: Notifier = {
    notify: (notice) =>
      notice.output.id === 'c@1#1' ? Promise.reject(new Error('throttled')) : given.notifier.notify(notice),
  };
  const { notified, recorded, failures } = await sendNotifications({ ...given, notifier })(BATCH);
  assert.deepEqual([notified, recorded, idsOf(given.notifier.notified)], [1, 1, ['d@1#1']]);
  assert.deepEqual(
    failures.map(({ index, error }) => [index, error.message]),
    [
      [0, 'Notice c@1#1 could not be sent: try again.'],
      [3, 'Waits for an earlier one that failed.'],
    ],
  );
  assert.ok(failures[0]?.error.cause instanceof Error && failures[1]?.error.cause === failures[0].error);
  assert.deepEqual(await sendNotifications(given)(BATCH), {
    notified: 2,
    skipped: 1,
    recorded: 1,
    failures: [],
  });
  assert.deepEqual(
    given.notifier.notified.map(({ output }) => output.id),
    ['d@1#1', 'c@1#1', 'c@1#2'],
  );
});

test('a gateway and a cylinder of one name do not wait for each other', async () => {
  const ofGateway = { ...noticeItem('c', 2), subject: { kind: 'gateway' as const, name: 'c' } };
  const items = [noticeItem('c', 1), ofGateway];
  const given = ports(items);
  const notifier = failingOnce<Notifier, 'notify'>(given.notifier, 'notify');
  const { notified, failures } = await sendNotifications({ ...given, notifier })(items);
  assert.deepEqual([notified, failures.map(({ index }) => index)], [1, [0]]);
});

const logFailing = (name: keyof NotificationLog) => {
  const given = ports();
  return { given, failing: { ...given, log: failingOnce<NotificationLog, typeof name>(given.log, name) } };
};

test('a log that cannot be asked fails the notice and what waits for it, and nothing is lost', async () => {
  const { given, failing } = logFailing('claim');
  const first = await sendNotifications(failing)(BATCH);
  assert.deepEqual(
    first.failures.map(({ index }) => index),
    [0, 3],
  );
  assert.deepEqual((await sendNotifications(failing)(BATCH)).failures, []);
  assert.deepEqual(idsOf(given.notifier.notified), ALL);
});

test('a log that does not take the note at first is asked again, and nothing is notified twice', async () => {
  const { given, failing } = logFailing('notified');
  assert.deepEqual((await sendNotifications(failing)(BATCH)).failures, []);
  await sendNotifications(failing)(BATCH);
  assert.deepEqual(idsOf(given.notifier.notified), ALL);
});

test('what was notified and could not be noted is said to be so, and notified again only when its claim has lapsed', async () => {
  const items = [noticeItem('c', 1)];
  const given = ports(items);
  const log = { ...given.log, notified: () => Promise.reject(new Error('no service')) };
  const broken = await sendNotifications({ ...given, log })(items);
  assert.match(broken.failures[0]?.error.message ?? '', /was sent, but that could not be noted/);
  const early = await sendNotifications(given)(items);
  assert.match(early.failures[0]?.error.message ?? '', /is being sent by another run, or was/);
  assert.equal(given.notifier.notified.length, 1);
  const late = await sendNotifications({ ...given, now: () => AT + LEASE_MS })(items);
  assert.deepEqual([late.notified, given.notifier.notified.length], [1, 2]);
});

test('a notice that another run is telling just now has to be given again, with those that wait for it', async () => {
  const given = ports();
  await given.log.claim(cylinder('c'), 'c@1#1', AT);
  const { notified, failures } = await sendNotifications(given)(BATCH);
  assert.deepEqual([notified, failures.map(({ index }) => index)], [1, [0, 3]]);
  await given.log.notified(cylinder('c'), 'c@1#1', AT);
  assert.deepEqual(await sendNotifications(given)(BATCH), {
    notified: 1,
    skipped: 2,
    recorded: 1,
    failures: [],
  });
});

test('where the claim cannot be given up either, why it could not be notified is still what is said', async () => {
  const items = [noticeItem('c', 1)];
  const given = ports(items);
  const notifier = failingOnce<Notifier, 'notify'>(given.notifier, 'notify');
  const log = failingOnce<NotificationLog, 'release'>(given.log, 'release');
  const { failures } = await sendNotifications({ ...given, notifier, log })(items);
  assert.match(String(failures[0]?.error.cause), /notify is not there/);
  const late = await sendNotifications({ ...given, now: () => AT + LEASE_MS })(items);
  assert.deepEqual([late.notified, given.notifier.notified.length], [1, 1]);
});

test('a telemetry store that fails keeps nobody from being notified, and its later records wait', async () => {
  const items = [incidentItem('c', 0), noticeItem('c', 1), incidentItem('c', 1), incidentItem('d', 0)];
  const given = ports(items);
  const telemetry = {
    recordIncident: failingOnce({ recordIncident: given.telemetry.recordIncident }, 'recordIncident')
      .recordIncident,
  };
  const { notified, recorded, failures } = await sendNotifications({ ...given, telemetry })(items);
  assert.deepEqual([notified, recorded, failures.map(({ index }) => index)], [1, 1, [0, 2]]);
  await sendNotifications({ ...given, telemetry })(items);
  assert.equal(given.telemetry.incidents.get('c@1')?.reopenings, 1);
});

test('an item that was not understood fails by name and holds up nobody', async () => {
  const items = [MALFORMED, noticeItem('c', 1)];
  const { notified, failures } = await sendNotifications(ports(items))(items);
  assert.equal(notified, 1);
  assert.deepEqual(
    failures.map(({ index, error }) => [index, error.message]),
    [[0, "C#c N#1 in the ledger's stream is no notice: park it and look at it."]],
  );
});

test('whatever a port throws is a failure of its item', async () => {
  const given = ports([noticeItem('c', 1)]);
  // biome-ignore lint/suspicious/useAwait: it has to throw in the way of an async function
  const recordIncident = async (): Promise<void> => {
    throw 'a text';
  };
  const { failures } = await sendNotifications({ ...given, telemetry: { recordIncident } })([
    incidentItem('c', 0),
  ]);
  assert.deepEqual([failures[0]?.index, failures[0]?.error.cause], [0, 'a text']);
});
