import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import { createSqliteQuarantine } from '../../../local/quarantine/sqlite-quarantine.ts';
import { cylinderChange, notice, twin } from '../../contract/opaque-records.ts';
import { runUntilKilled } from '../../contract/run-until-killed.ts';
import { runWithFullDisk } from '../../contract/run-with-full-disk.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const script = join(import.meta.dirname, 'save-until-it-ends.ts');
const folder = scratchFolder();

/** Asserts that record, notices and twin are those of one version, each notice once; returns the version. */
const soundVersion = async (path: string): Promise<number> => {
  const database = openLedgerDatabase({ path });
  const ledger = createSqliteLedger({ database });
  const version = (await ledger.cylinders(['cyl-07'])).get('cyl-07')?.version ?? 0;
  const items = (await ledger.pending(1_000_000)).map(({ item }) => item);
  assert.deepEqual(
    items.filter(({ kind }) => kind === 'notice'),
    Array.from({ length: version }, (_, index) => ({ kind: 'notice', notice: notice(`${index + 1}`) })),
  );
  assert.deepEqual(
    items.filter(({ kind }) => kind === 'twin'),
    [{ kind: 'twin', cylinder: 'cyl-07', twin: twin(`${version}`), version }],
  );
  const quarantined = createSqliteQuarantine({ database }).count();
  assert.ok(quarantined === version || quarantined === version + 1);
  database.close();
  return version;
};

test('killed at any moment, the ledger has every acknowledged save, whole and once', async () => {
  const path = join(folder, 'killed.sqlite');
  for (let round = 0; round < 5; round += 1) {
    const lines = await runUntilKilled({
      script,
      args: [path],
      afterLines: randomInt(1, 60),
      thenMs: randomInt(20),
    });
    const acknowledged = Number(lines.at(-1));
    const version = await soundVersion(path);
    assert.ok(version === acknowledged || version === acknowledged + 1);
  }
});

test('on a full disk a save is refused with what to do, and record, outbox and memory stay as they were', async () => {
  const path = join(folder, 'full.sqlite');
  const lines = (await runWithFullDisk(script, [path], 400)).trim().split('\n');
  const [acknowledged, remembered, message] = lines.slice(-3);
  assert.equal(
    message,
    `The ledger ${path} cannot grow, because the disk is full or fails: free some space and start it again.`,
  );
  assert.equal(remembered, acknowledged);
  const version = await soundVersion(path);
  assert.equal(version, Number(acknowledged));

  const database = openLedgerDatabase({ path });
  assert.deepEqual(await createSqliteLedger({ database }).save([cylinderChange({ expected: version })]), [
    'saved',
  ]);
  database.close();
});
