import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteQuarantine } from '../../../local/quarantine/sqlite-quarantine.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const scratch = scratchFolder();

test('a page that was altered is said with the file it is in, and what to do', async () => {
  const path = join(scratch, 'ledger.sqlite');
  const made = openLedgerDatabase({ path });
  const raw = { topic: 'a', body: Buffer.alloc(100_000, 'x'), receivedAt: 1, client: null };
  await createSqliteQuarantine({ database: made }).put([
    { raw, rejections: [{ reason: 'not-json', detail: 'x', cylinder: null, index: null, t: null }] },
  ]);
  made.close();
  const file = openSync(path, 'r+');
  // The number of the page that follows begins each page of what needs several.
  for (let at = statSync(path).size - 4096 * 8; at < statSync(path).size; at += 4096)
    writeSync(file, Buffer.alloc(4, 255), 0, 4, at);
  closeSync(file);
  const database = openLedgerDatabase({ path });
  assert.throws(
    () => createSqliteQuarantine({ database }).list(1),
    /ledger\.sqlite is not a sound SQLite file: move it away and put a backup in its place/,
  );
  database.close();
});
