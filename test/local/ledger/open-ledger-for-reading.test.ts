import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { openLedgerForReading, readingError } from '../../../local/ledger/open-ledger-for-reading.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const scratch = scratchFolder();

test('a page that was altered is said with the file it is in, and what to do', () => {
  const path = join(scratch, 'ledger.sqlite');
  const made = openLedgerDatabase({ path });
  made
    .prepare("INSERT INTO records (kind, name, version, record) VALUES ('cylinder', 'c1', 1, ?)")
    .run('x'.repeat(100_000));
  made.close();
  const file = openSync(path, 'r+');
  // The number of the page that follows, which begins each page of a text that needs several.
  for (let at = statSync(path).size - 4096 * 8; at < statSync(path).size; at += 4096)
    writeSync(file, Buffer.alloc(4, 255), 0, 4, at);
  closeSync(file);
  const { database, close } = openLedgerForReading({ path });
  assert.throws(
    () => database.prepare('SELECT record FROM records').all(),
    (error) => {
      const said = readingError(path, error);
      assert.match(
        String(said),
        /ledger\.sqlite is not a sound SQLite file: move it away and put a backup in its place/,
      );
      return true;
    },
  );
  close();
  const other = new Error('no answer');
  assert.equal(readingError(path, other), other);
});
