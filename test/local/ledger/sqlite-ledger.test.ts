import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import {
  cylinderChange,
  cylinderRecord,
  gatewayChange,
  gatewayRecord,
  notice,
} from '../../contract/opaque-records.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();

/** A record that JSON cannot hold, so that saving it fails halfway through a transaction. */
const unsavable: CylinderRecord = JSON.parse('{}', () => ({ count: 1n }));

test('what was saved is handed out as the very object', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'identity.sqlite') });
  const ledger = createSqliteLedger({ database });
  const change = cylinderChange();
  await ledger.save([change]);
  assert.equal((await ledger.cylinders(['cyl-07'])).get('cyl-07')?.record, change.record);
  database.close();
});

test('what passes is handed out at once, and on the file with the next save', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'passing.sqlite') });
  const ledger = createSqliteLedger({ database });
  const [first, passing, next] = [cylinderRecord('first'), cylinderRecord('passing'), cylinderRecord('next')];
  const standing = async (of: typeof ledger) => (await of.cylinders(['cyl-07'])).get('cyl-07');
  await ledger.save([cylinderChange({ record: first })]);
  const change = cylinderChange({ expected: 1, record: passing, isPassing: true });
  assert.deepEqual(await ledger.save([change, { ...change, expected: 7 }]), ['saved', 'conflict']);
  assert.deepEqual(await standing(ledger), { record: passing, version: 1 });
  assert.deepEqual(await standing(createSqliteLedger({ database })), { record: first, version: 1 });
  await ledger.save([cylinderChange({ expected: 1, record: next })]);
  assert.deepEqual(await standing(createSqliteLedger({ database })), { record: next, version: 2 });
  database.close();
});

test('a save that fails halfway keeps nothing, on disk or in memory, and what is saved beside it stays', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'fails.sqlite') });
  const ledger = createSqliteLedger({ database });
  const before = cylinderChange({ notices: [notice('kept')] });
  const outcomes = await Promise.allSettled([
    ledger.save([before]),
    ledger.save([
      gatewayChange({ notices: [notice('lost')] }),
      cylinderChange({ expected: 1, record: unsavable }),
    ]),
    ledger.save([gatewayChange({ name: 'another' })]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  for (const reader of [ledger, createSqliteLedger({ database })]) {
    assert.deepEqual(
      await reader.cylinders(['cyl-07']),
      new Map([['cyl-07', { record: before.record, version: 1 }]]),
    );
    assert.deepEqual(
      await reader.gateways(['line-3', 'another']),
      new Map([['another', { record: gatewayRecord('first'), version: 1 }]]),
    );
    assert.deepEqual(
      (await reader.pending(10)).map(({ item }) => item),
      [{ kind: 'notice', notice: notice('kept') }],
    );
  }
  database.close();
});

test('the saves of one turn are one commit, and each has its own outcomes', async () => {
  const database = openLedgerDatabase({ path: join(folder, 'together.sqlite') });
  const ledger = createSqliteLedger({ database });
  let commits = 0;
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (sql === 'COMMIT') commits += 1;
    exec(sql);
  };
  const outcomes = await Promise.all([
    ledger.save([cylinderChange(), gatewayChange()]),
    ledger.save([]),
    ledger.save([cylinderChange(), cylinderChange({ name: 'another' })]),
  ]);
  assert.deepEqual(outcomes, [['saved', 'saved'], [], ['conflict', 'saved']]);
  assert.equal(commits, 1);
  database.close();
});

test('after the file was closed, reading and saving are rejected with the file named', async () => {
  const path = join(folder, 'closed.sqlite');
  const database = openLedgerDatabase({ path });
  const ledger = createSqliteLedger({ database });
  database.close();
  await assert.rejects(ledger.save([cylinderChange()]), /The ledger .* is closed/);
  await assert.rejects(ledger.pending(1), /The ledger .* is closed/);
  await assert.rejects(ledger.cylinders(['cyl-07']), /The ledger .* is closed/);
});
