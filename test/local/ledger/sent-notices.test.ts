import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { sqliteCourse } from '../../../local/ledger/sqlite-course.ts';
import { createSqliteDeliveries } from '../../../local/ledger/sqlite-deliveries.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
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
