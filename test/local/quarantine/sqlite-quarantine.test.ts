import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteQuarantine } from '../../../local/quarantine/sqlite-quarantine.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();

const messages = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, index) => ({
    raw: raw({ receivedAt: index, body: new Uint8Array(bytes).fill(index) }),
    rejections: [rejection()],
  }));

test('the messages put last are listed first', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'list.sqlite') });
  const quarantine = createSqliteQuarantine({ database });
  await quarantine.put(messages(5, 10));
  assert.deepEqual(
    quarantine.list(2).map((record) => record.raw.receivedAt),
    [4, 3],
  );
  assert.equal(quarantine.count(), 5);
  assert.equal(quarantine.dropped(), 0);
  database.close();
});

test('what else is found wrong with a message is added to what is kept of it', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'merge.sqlite') });
  const quarantine = createSqliteQuarantine({ database });
  const late = rejection({ reason: 'sample', index: 3, cylinder: 'cyl-07', t: 1 });
  await quarantine.put([{ raw: raw(), rejections: [rejection()] }]);
  await quarantine.put([{ raw: raw(), rejections: [late, rejection()] }]);
  assert.deepEqual(
    quarantine.list(10).map(({ rejections }) => rejections),
    [[rejection(), late]],
  );
  database.close();
});

test('beyond the bound the oldest are dropped and counted, across restarts', async () => {
  const path = join(folder, 'bound.sqlite');
  const maxBytes = 10 * (1024 + 5000);
  const before = openLedgerDatabase({ path });
  await createSqliteQuarantine({ database: before, maxBytes }).put(messages(8, 5000));
  before.close();
  const database = openLedgerDatabase({ path });
  const quarantine = createSqliteQuarantine({ database, maxBytes });
  await quarantine.put(messages(13, 5000));
  assert.equal(quarantine.count(), 10);
  assert.equal(quarantine.dropped(), 3);
  assert.deepEqual(
    quarantine.list(100).map((record) => record.raw.receivedAt),
    [12, 11, 10, 9, 8, 7, 6, 5, 4, 3],
  );
  await quarantine.put([{ raw: raw({ body: new Uint8Array(maxBytes) }), rejections: [] }]);
  assert.equal(quarantine.count(), 0);
  assert.equal(quarantine.dropped(), 14);
  database.close();
});

test('what there is of each kind is counted, whatever is dropped, taken out or found later', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'kinds.sqlite') });
  const quarantine = createSqliteQuarantine({ database, maxBytes: 3 * (1024 + 10) });
  const counts = () => quarantine.kinds(10).map(({ reason, messages }) => `${reason} ${messages}`);
  await quarantine.put(messages(5, 10));
  assert.deepEqual(counts(), [`${rejection().reason} 3`]);
  await quarantine.put([
    { raw: messages(5, 10)[4]?.raw ?? raw(), rejections: [rejection({ reason: 'why' })] },
  ]);
  assert.deepEqual(counts().toSorted(), [`${rejection().reason} 3`, 'why 1'].toSorted());
  quarantine.remove(quarantine.list(2).map(({ id }) => id));
  assert.deepEqual(counts(), [`${rejection().reason} 1`]);
  assert.equal(quarantine.dropped(), 2);
  assert.equal(quarantine.count(), 1);
  database.close();
});
