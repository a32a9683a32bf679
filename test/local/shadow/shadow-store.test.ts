import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { mergeSection } from '../../../local/shadow/merge-section.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';

test('shadows and the versions of deleted ones are there after a restart, each under its own name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const open = () => {
    const database = openLedgerDatabase({ path: join(folder, 'ledger.db') });
    return { database, store: createSqliteShadowStore(database) };
  };
  const twin = { thing: 'cyl-1', shadowName: 'twin' };
  const classic = { thing: 'cyl-1', shadowName: null };
  const other = { thing: 'cyl-2', shadowName: 'twin' };
  const document = {
    desired: null,
    reported: mergeSection(null, JSON.parse('{"a":{"__proto__":{"x":[1,"ü"]}}}'), 5),
    version: 4,
  };

  const before = open();
  before.store.write(twin, { kind: 'present', document: { ...document, version: 3 } });
  before.store.write(twin, { kind: 'present', document });
  before.store.write(classic, { kind: 'present', document: { desired: null, reported: null, version: 1 } });
  before.store.write(classic, { kind: 'deleted', version: 1 });
  before.database.close();

  const after = open();
  assert.deepEqual(after.store.read(twin), { kind: 'present', document });
  assert.deepEqual(after.store.read(classic), { kind: 'deleted', version: 1 });
  assert.equal(after.store.read(other), null);
  after.database.close();
});
