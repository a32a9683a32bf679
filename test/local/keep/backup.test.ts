import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { checkStores, type Finding } from '../../../local/keep/check-stores.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { flood } from '../run/flood.ts';
import { startSentinel } from '../run/start-sentinel.ts';
import { storedNumbers } from '../run/stored-samples.ts';

const scratch = scratchFolder();
const runArgs = (data: string) => ['run', '--source', 'none', '--data', data, '--mqtt-port', '0'];
const backUp = (data: string, to: string) => startSentinel(['backup', '--data', data, '--to', to]);

const findings = async (data: string): Promise<readonly Finding[]> => {
  const all: Finding[] = [];
  for await (const finding of checkStores(openDataFolder(data))) all.push(finding);
  return all;
};

/** The number of the newest sample that the ledger has seen of the flood. */
const seenByLedger = (data: string): number => {
  const ledger = new DatabaseSync(join(data, 'ledger.sqlite'), { readOnly: true });
  const row = ledger
    .prepare(
      "SELECT json_extract(record, '$.statistics.last.seq') AS seq FROM records WHERE kind = 'cylinder'",
    )
    .get();
  ledger.close();
  return Number(row?.seq);
};

test('a backup of a running pipeline is of one moment, and what it is restored from goes on with nothing twice', async () => {
  const data = join(scratch, 'running');
  const to = join(scratch, 'backup');
  using sentinel = startSentinel(runArgs(data));
  const port = await sentinel.port;
  assert.ok(port !== null);
  const thousand = Promise.withResolvers<void>();
  const onAcknowledged = (count: number): void => (count < 1000 ? undefined : thousand.resolve());
  const flooding = flood(port, { count: 30_000, onAcknowledged });
  await Promise.race([thousand.promise, flooding]);
  using backup = backUp(data, to);
  const { code, errors, lines } = await backup.ended;
  assert.equal(code, 0, errors);
  assert.match(lines.join(), /both stores as of one moment/);
  const acknowledged = await flooding;
  if (acknowledged.length < 30_000) assert.fail((await sentinel.ended).errors);
  using refused = backUp(data, to);
  assert.match(
    (await refused.ended).errors,
    /there is something at .*: name a folder that is empty or not there yet/,
  );
  sentinel.child.kill('SIGINT');
  assert.equal((await sentinel.ended).code, 0);

  assert.deepEqual(
    (await findings(to)).map(({ isSound }) => isSound),
    [true, true],
  );
  const stored = await storedNumbers(to, 'cyl-1');
  assert.ok(stored.length > 0);
  assert.equal(seenByLedger(to), stored.at(-1));

  // Restored: the folder itself is the backup, and the gateway sends all of it again.
  using restored = startSentinel(runArgs(to));
  const again = await restored.port;
  assert.ok(again !== null);
  assert.equal((await flood(again, { count: 30_000 })).length, 30_000);
  restored.child.kill('SIGINT');
  const { errors: words } = await restored.ended;
  assert.match(
    words,
    new RegExp(`stopped: ${30_000 - stored.length} samples stored, ${stored.length} repeated`),
  );
  assert.deepEqual(await storedNumbers(to, 'cyl-1'), await storedNumbers(data, 'cyl-1'));
});

test('killed during a backup, nothing stands at its place, and the next one is whole', async () => {
  const data = join(scratch, 'killed');
  const to = join(scratch, 'after-kill');
  for (const ms of [0, 20, 60]) {
    using sentinel = startSentinel(runArgs(data));
    const port = await sentinel.port;
    assert.ok(port !== null);
    await flood(port, { count: 5_000 });
    using backup = backUp(data, to);
    await delay(250 + ms);
    sentinel.child.kill('SIGKILL');
    await sentinel.ended;
    const { code } = await backup.ended;
    assert.equal(existsSync(to), code === 0);
    if (code === 0) break;
  }
  if (!existsSync(to)) {
    using backup = backUp(data, to);
    assert.equal((await backup.ended).code, 0, 'of a folder on which nothing runs');
  }
  assert.equal(existsSync(`${to}.sentinel-part`), false);
  assert.deepEqual(
    (await findings(to)).map(({ isSound }) => isSound),
    [true, true],
  );
  assert.deepEqual(await storedNumbers(to, 'cyl-1'), await storedNumbers(data, 'cyl-1'));
});

test('a backup that cannot be written is one line, and the pipeline goes on', async () => {
  const data = join(scratch, 'goes-on');
  using sentinel = startSentinel(runArgs(data));
  const port = await sentinel.port;
  assert.ok(port !== null);
  await flood(port, { count: 100 });
  using backup = backUp(data, '/proc/nowhere/backup');
  const { code, errors } = await backup.ended;
  assert.equal(code, 1);
  assert.match(errors, /^sentinel: The backup to \/proc\/nowhere\/backup failed: .*\n$/);
  assert.equal((await flood(port, { first: 100, count: 100 })).length, 100);
  using checked = startSentinel(['check', '--data', data]);
  assert.match((await checked.ended).errors, /is in use by a pipeline that runs: stop it, or look at a copy/);
  sentinel.child.kill('SIGINT');
  assert.equal((await sentinel.ended).code, 0);
});
