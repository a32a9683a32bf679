import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { openDataFolder, temporaryDataFolder } from '../../../local/run/data-folder.ts';
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
