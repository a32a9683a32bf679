import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createRunFacts, openDataFolder, temporaryDataFolder } from '../../../local/run/data-folder.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const scratch = scratchFolder();

test('a folder is made with those above it, and stays when it is disposed of', () => {
  const path = join(scratch, 'a', 'b', 'c');
  const folder = openDataFolder(relative(process.cwd(), path));
  assert.equal(folder.path, path);
  assert.equal(folder.ledger, join(path, 'ledger.sqlite'));
  assert.equal(folder.telemetry, join(path, 'telemetry.duckdb'));
  folder.dispose();
  assert.ok(existsSync(path));
});

test('a folder that is there is taken with all that is in it', () => {
  const path = join(scratch, 'there');
  mkdirSync(path);
  writeFileSync(join(path, 'kept'), '');
  openDataFolder(path).dispose();
  assert.ok(existsSync(join(path, 'kept')));
});

test('a folder for one run is gone when it is disposed of', () => {
  const folder = temporaryDataFolder();
  writeFileSync(folder.ledger, '');
  folder.dispose();
  assert.equal(existsSync(folder.path), false);
});

writeFileSync(join(scratch, 'file'), '');
const UNUSABLE: readonly (readonly [what: string, path: string, reason: RegExp])[] = [
  ['a file', join(scratch, 'file'), /there is a file of that name/],
  ['a folder in a file', join(scratch, 'file', 'a', 'b'), /ENOTDIR/],
  ['a folder where nothing can be made', '/proc/sentinel/a/b', /ENOENT|EACCES|EROFS|EPERM/],
];

for (const [what, path, reason] of UNUSABLE) {
  test(`${what} is refused with what to do`, () => {
    assert.throws(() => openDataFolder(path), {
      message: new RegExp(
        `^the data folder ${path} cannot be used: .*(${reason.source}).*; choose another with --data$`,
      ),
    });
  });
}

test('what is asked for first is kept for good, each name by itself', () => {
  const file = join(scratchFolder(), 'ledger.sqlite');
  const first = openLedgerDatabase({ path: file });
  const runFacts = createRunFacts(first);
  assert.equal(runFacts.number('line-start', 1_763_800_000_123), 1_763_800_000_123);
  assert.equal(runFacts.number('line-start', 2), 1_763_800_000_123);
  assert.equal(runFacts.number('other', 2), 2);
  first.close();
  const second = openLedgerDatabase({ path: file });
  assert.equal(createRunFacts(second).number('line-start', 3), 1_763_800_000_123);
  second.close();
});
