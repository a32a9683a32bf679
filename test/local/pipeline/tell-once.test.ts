import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { LEDGER_MIGRATIONS } from '../../../local/ledger/ledger-schema.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { createTellOnce } from '../../../local/pipeline/tell-once.ts';
import { noticeItem } from './outbox-items.ts';

const [first, second] = [noticeItem('n1'), noticeItem('n2')];

const fixture = () => {
  const database = new DatabaseSync(':memory:');
  for (const migration of LEDGER_MIGRATIONS) database.exec(migration);
  const outbox = sqliteOutbox(database);
  outbox.put(first);
  outbox.put(second);
  const waiting = async () => (await outbox.pending(10)).map(({ item }) => item);
  return { database, tellOnce: createTellOnce(database), waiting };
};

test('an entry is off the outbox before it is told, and no longer in doubt when that is noted', async () => {
  const { database, tellOnce, waiting } = fixture();
  let left = 0;
  await tellOnce.tell([1], () => {
    left = Number(database.prepare('SELECT count(*) AS n FROM outbox').get()?.n);
    assert.equal(database.isTransaction, false);
  });
  assert.equal(left, 1);
  assert.deepEqual(await tellOnce.doubtful(), [first]);
  await tellOnce.told();
  assert.deepEqual(await tellOnce.doubtful(), []);
  assert.deepEqual(await waiting(), [second]);
});

test('telling on notes that the one before was told', async () => {
  const { tellOnce } = fixture();
  await tellOnce.tell([1], () => undefined);
  await tellOnce.tell([2], () => undefined);
  assert.deepEqual(await tellOnce.doubtful(), [second]);
});

test('what could not be told waits again, in its old place', async () => {
  const { tellOnce, waiting } = fixture();
  const gone = new Error('nobody reads');
  await assert.rejects(
    tellOnce.tell([1], () => {
      throw gone;
    }),
    (error) => error === gone,
  );
  assert.deepEqual(await waiting(), [first, second]);
  assert.deepEqual(await tellOnce.doubtful(), []);
});

test('what could not be crossed off is not told', async () => {
  const { database, tellOnce, waiting } = fixture();
  database.exec('PRAGMA query_only = 1');
  let told = 0;
  await assert.rejects(
    tellOnce.tell([1], () => {
      told += 1;
    }),
    /^Error: The ledger .*\.$/,
  );
  assert.equal(told, 0);
  database.exec('PRAGMA query_only = 0');
  assert.deepEqual(await waiting(), [first, second]);
});

test('the commits of others wait for the disk as before', async () => {
  const { database, tellOnce } = fixture();
  await tellOnce.tell([1], () => undefined);
  assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
});
