import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runWithFullDisk } from '../../contract/run-with-full-disk.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();
const script = join(import.meta.dirname, 'append-to-full-disk.ts');

test('on a full disk the queue says so once and hands out from memory what it could not write', async () => {
  const path = join(folder, 'queue.sqlite');
  const printed = await runWithFullDisk(script, [path], 300);
  const { troubles, handed, again, size } = JSON.parse(printed);
  assert.match(troubles[0], /queue\.sqlite cannot grow, because the disk is full or fails: free some space/);
  assert.ok(troubles.every((trouble: unknown, index: number) => (trouble === null) === (index % 2 === 1)));
  const all = Array.from({ length: 8000 }, (_, seq) => seq);
  assert.deepEqual(handed, all);
  assert.deepEqual(again, all.slice(3000));
  assert.equal(size, 5000);
});
