import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteNotificationLog } from '../../../local/ledger/sqlite-notification-log.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import type { NoticeSubject } from '../../../usecases/ports/notification-log.ts';
import { noticeItem, transitionItem } from '../pipeline/outbox-items.ts';

const GATEWAY: NoticeSubject = { kind: 'gateway', name: 'gw' };
const CYLINDER: NoticeSubject = { kind: 'cylinder', name: 'c' };
const [first, second] = [noticeItem('n1'), noticeItem('n2')];

const fixture = () => {
  const database = openLedgerDatabase({ path: ':memory:' });
  const outbox = sqliteOutbox(database);
  outbox.put(first);
  outbox.put(second);
  const log = createSqliteNotificationLog({ database });
  const inDoubt = async () => (await log.doubtful()).map(({ item }) => item);
  const waiting = async () => (await outbox.pending(10)).map(({ item }) => item);
  return { database, log, outbox, inDoubt, waiting };
};

test('what is claimed is on the file at once, and in doubt until it is noted', async () => {
  const { database, log, inDoubt } = fixture();
  assert.equal(await log.claim(GATEWAY, 'n1', 5), 'claimed');
  assert.equal(database.isTransaction, false);
  assert.deepEqual(await inDoubt(), [first]);
  await log.notified(GATEWAY, 'n1', 6);
  assert.deepEqual(await inDoubt(), []);
  assert.equal(await log.claim(GATEWAY, 'n1', 7), 'notified');
});

test('a transition is claimed by its place on the outbox, and two that are alike are apart', async () => {
  const { log, outbox, inDoubt } = fixture();
  outbox.put(transitionItem(1));
  outbox.put(transitionItem(1));
  assert.equal(await log.claim(CYLINDER, 'transition 3', 5), 'claimed');
  await log.notified(CYLINDER, 'transition 3', 5);
  assert.equal(await log.claim(CYLINDER, 'transition 4', 5), 'claimed');
  assert.deepEqual(await inDoubt(), [transitionItem(1)]);
});

const countCommits = (database: DatabaseSync): (() => number) => {
  let commits = 0;
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (sql === 'COMMIT') commits += 1;
    exec(sql);
  };
  return () => commits;
};

test('what is claimed in one turn is one commit', async () => {
  const { database, log } = fixture();
  const commits = countCommits(database);
  const claims = await Promise.all([log.claim(GATEWAY, 'n1', 5), log.claim(GATEWAY, 'n2', 5)]);
  assert.deepEqual(claims, ['claimed', 'claimed']);
  assert.equal(commits(), 1);
});

test('what was sent is noted in the commit of the next claim, the last when that is asked for', async () => {
  const { database, log } = fixture();
  const noted = () => database.prepare('SELECT count(notified_at) AS noted FROM outbox').get()?.noted;
  const commits = countCommits(database);
  for (const id of ['n1', 'n2']) {
    await log.claim(GATEWAY, id, 5);
    await log.notified(GATEWAY, id, 6);
  }
  assert.deepEqual([commits(), noted()], [2, 1]);
  await log.noted();
  await log.noted();
  assert.deepEqual([commits(), noted()], [3, 2]);
});

test('what could not be sent waits again, in its old place', async () => {
  const { log, inDoubt, waiting } = fixture();
  await log.claim(GATEWAY, 'n1', 5);
  await log.release(GATEWAY, 'n1');
  assert.deepEqual(await waiting(), [first, second]);
  assert.deepEqual(await inDoubt(), []);
});

test('what cannot be claimed says what to do, and still waits', async () => {
  const { database, log, inDoubt, waiting } = fixture();
  database.exec('PRAGMA query_only = 1');
  await assert.rejects(log.claim(GATEWAY, 'n1', 5), /^LocalError: The ledger .*\.$/);
  database.exec('PRAGMA query_only = 0');
  assert.deepEqual(await waiting(), [first, second]);
  assert.deepEqual(await inDoubt(), []);
});

test('the commits of others wait for the disk as before', async () => {
  const { database, log } = fixture();
  await log.claim(GATEWAY, 'n1', 5);
  assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
});
