import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteDeliveries } from '../../../local/ledger/sqlite-deliveries.ts';
import { sqliteCourse, sqliteIncidents } from '../../../local/ledger/sqlite-history.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { noticeOf } from '../../fixture/notice-samples.ts';

const folder = scratchFolder();

test('who was notified through which channel is known from then on, and what was refused and why', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'ledger.sqlite') });
  const outbox = sqliteOutbox(database);
  const deliveries = createSqliteDeliveries(database);
  const course = sqliteCourse(database);
  const notice = noticeOf('RAISED');
  assert.ok('incident' in notice.output);
  const { incident, at } = notice.output;
  outbox.put({ kind: 'notice', notice });
  await deliveries.handOver([1], ['topic', 'webhook'], at + 5);
  const states = () =>
    course.notices(incident, null, 10).map(({ channel, sentAt, error }) => [channel, sentAt, error]);
  assert.deepEqual(states(), [
    ['console', at + 5, null],
    ['topic', null, null],
    ['webhook', null, null],
  ]);
  for (const [channel, refused] of [
    ['topic', null],
    ['webhook', 'HTTP 404'],
  ] as const)
    for (const id of deliveries.heads(channel)) deliveries.remove(id, { at: at + 9, refused });
  assert.deepEqual(states(), [
    ['console', at + 5, null],
    ['topic', at + 9, null],
    ['webhook', null, 'HTTP 404'],
  ]);
  assert.deepEqual(
    course.read(incident).map(({ kind, at: when, channel, text }) => [kind, when - at, channel, text]),
    [
      ['notified', 5, 'console', 'RAISED'],
      ['notified', 9, 'topic', 'RAISED'],
      ['notified', 0, 'webhook', 'RAISED: HTTP 404'],
    ],
  );
  assert.equal(course.notices(null, null, 10).length, 3);
  database.close();
});

test('an incident keeps its first steps and its latest, however many there are', () => {
  const database = openLedgerDatabase({ path: join(folder, 'long.sqlite') });
  const course = sqliteCourse(database);
  const step = (at: number) => ({ kind: 'acknowledged', at, by: 'kim', text: null, channel: null }) as const;
  for (let at = 0; at < 700; at += 1) course.put('cyl-07', { incident: 'cyl-07@1', event: step(at) });
  course.put('cyl-07', { incident: 'cyl-07@2', event: step(0) });
  const times = course.read('cyl-07@1').map(({ at }) => at);
  assert.equal(times.length, 500);
  assert.deepEqual([times[0], times[49], times[50], times.at(-1)], [0, 49, 250, 699]);
  assert.equal(course.read('cyl-07@2').length, 1);
  database.close();
});

test('what happened long ago is forgotten, but for what is not over', () => {
  const database = openLedgerDatabase({ path: join(folder, 'old.sqlite') });
  const course = sqliteCourse(database);
  const incidents = sqliteIncidents(database);
  for (const [id, clearedAt] of [
    ['cyl-07@1', 5],
    ['cyl-07@2', null],
  ] as const) {
    incidents.put(incidentRecord({ id, clearedAt }));
    for (const at of [1, 100])
      course.put('cyl-07', {
        incident: id,
        event: { kind: 'raised', at, by: null, text: null, channel: null },
      });
  }
  course.sweep(50);
  assert.deepEqual(
    course.read('cyl-07@1').map(({ at }) => at),
    [100],
  );
  assert.equal(course.read('cyl-07@2').length, 2);
  database.close();
});
