import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { LEDGER_MIGRATIONS, openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteNotificationLog } from '../../../local/ledger/sqlite-notification-log.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { createRunFacts } from '../../../local/run/data-folder.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentItem, noticeItem, transitionItem } from '../pipeline/outbox-items.ts';

const folder = scratchFolder();

const refused = (path: string, advice: RegExp): void => {
  assert.throws(
    () => openLedgerDatabase({ path }),
    (error: Error) => {
      assert.ok(error.message.startsWith(`The ledger ${path} `));
      assert.match(error.message, advice);
      assert.doesNotMatch(error.message, /\n/);
      assert.ok(error.cause instanceof Error);
      return true;
    },
  );
};

test('a commit is on disk before it returns', () => {
  const database = openLedgerDatabase({ path: join(folder, 'settings.sqlite') });
  assert.deepEqual({ ...database.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
  assert.deepEqual({ ...database.prepare('PRAGMA synchronous').get() }, { synchronous: 2 });
  database.close();
});

test('a ledger that another process has open is one line that says what to do, and is free when that one ends', async () => {
  const path = join(folder, 'shared.sqlite');
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'hold-open.ts'), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await once(holder.stdout, 'data');
  refused(path, /is in use by another process: stop that one first/);
  holder.kill('SIGKILL');
  await ended;
  openLedgerDatabase({ path }).close();
});

test('a folder that is not there, a folder, and a file of another kind are one line each', () => {
  mkdirSync(join(folder, 'folder.sqlite'));
  writeFileSync(join(folder, 'other.sqlite'), 'cylinder,t\n'.repeat(1000));
  refused(
    join(folder, 'missing', 'l.sqlite'),
    /make sure that its folder exists and that you may write there/,
  );
  refused(join(folder, 'folder.sqlite'), /cannot be written/);
  refused(join(folder, 'other.sqlite'), /is not a sound SQLite file: move it away/);
});

test('a ledger that a newer program made is left as it is', () => {
  const path = join(folder, 'newer.sqlite');
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 1000');
  newer.close();
  refused(path, /was made by a newer program: use that program/);
  const after = new DatabaseSync(path);
  assert.deepEqual({ ...after.prepare('PRAGMA user_version').get() }, { user_version: 1000 });
  after.close();
});

test('a ledger of version 1 is taken over with all that waits, and what was being sent is in doubt', async () => {
  const path = join(folder, 'version-1.sqlite');
  const [tables = ''] = LEDGER_MIGRATIONS;
  const before = new DatabaseSync(path);
  before.exec(tables);
  before.exec('CREATE TABLE telling (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT');
  before.exec('CREATE TABLE setting (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT');
  before.exec("INSERT INTO setting VALUES ('line-start', 7); PRAGMA user_version = 1");
  const put = before.prepare('INSERT INTO outbox (id, item) VALUES (?, ?)');
  put.run(2, JSON.stringify(noticeItem('n2')));
  put.run(3, JSON.stringify(transitionItem(3)));
  put.run(4, JSON.stringify(incidentItem('i4')));
  before.prepare('INSERT INTO telling VALUES (?, ?)').run(1, JSON.stringify(noticeItem('n1')));
  before.close();

  const database = openLedgerDatabase({ path });
  const log = createSqliteNotificationLog({ database });
  assert.deepEqual(await log.doubtful(), [{ id: 1, item: noticeItem('n1') }]);
  assert.deepEqual(
    (await sqliteOutbox(database).pending(10)).map(({ item }) => item),
    [noticeItem('n1'), noticeItem('n2'), transitionItem(3), incidentItem('i4')],
  );
  assert.equal(await log.claim({ kind: 'gateway', name: 'gw' }, 'n2', 5), 'claimed');
  assert.equal(await log.claim({ kind: 'cylinder', name: 'c' }, 'transition 3', 5), 'claimed');
  assert.equal(createRunFacts(database).number('line-start', 1), 7);
  database.close();
});
