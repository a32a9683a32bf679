import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { paceReport } from '../../../cli/run/run-live.ts';
import { setClockRight } from '../../../local/keep/set-clock-right.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { type Sentinel, startSentinel } from '../run/start-sentinel.ts';

const folder = scratchFolder();
const GUARD = { timeout: 300_000 };

/** The times of the samples of a folder on which nothing runs, ms. */
const timesIn = async (data: string): Promise<readonly number[]> => {
  const telemetry = await openDuckDbTelemetry({ path: join(data, 'telemetry.duckdb') });
  const rows = await telemetry.query('SELECT CAST(epoch_ms(t) AS DOUBLE) AS ms FROM samples');
  await telemetry.close();
  return rows.map(({ ms }) => Number(ms));
};

/** Lets a run say what it says and take in what its line has in its queue, and ends it. */
const ranFor = async (sentinel: Sentinel): Promise<string> => {
  assert.notEqual(await sentinel.port, null);
  return (await sentinel.ended).errors;
};

test(
  'what a fast clock left in a folder is said, taken out when asked, and nothing else goes',
  GUARD,
  async () => {
    const data = join(folder, 'fast');
    const run = ['run', '--data', data, '--mqtt-port', '0', '--json'];
    using fast = startSentinel([...run, '--speed', '600'], {
      onLine: (line) => {
        // Its part is replaced after a minute and a half of its own time, and recovers ten minutes later.
        if (JSON.parse(line).at > Date.now() + 120_000) fast.child.kill('SIGINT');
      },
    });
    await ranFor(fast);
    const before = await timesIn(data);
    const nowMs = Date.now();
    assert.ok(Math.max(...before) > nowMs + 60_000);

    using said = startSentinel([...run, '--source', 'none', '--for', '1s']);
    assert.match(await ranFor(said), /ahead of this machine's clock.*--set-clock-right/);

    const line = await setClockRight(openDataFolder(data), nowMs);
    assert.match(line, /^taken out of the data folder, ahead of this clock: \d+ samples/);
    assert.deepEqual((await timesIn(data)).toSorted(), before.filter((ms) => ms <= nowMs).toSorted());
    assert.equal(
      await setClockRight(openDataFolder(data), nowMs),
      'nothing in the data folder is ahead of this clock',
    );
    using after = startSentinel([...run, '--source', 'none', '--for', '1s']);
    assert.doesNotMatch(await ranFor(after), /ahead of this machine's clock/);
  },
);

test('a run with --speed has a folder of its own where none is named', GUARD, async () => {
  const cwd = join(folder, 'place');
  mkdirSync(cwd);
  const script = join(import.meta.dirname, '../../../cli/sentinel.ts');
  const child = spawn(process.execPath, [script, 'run', '--speed', '60', '--mqtt-port', '0', '--for', '1s'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = text(child.stderr);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, await errors);
  assert.deepEqual(readdirSync(cwd), ['sentinel-data-speed']);
});

test('a line that falls behind its clock is said once, and again when it is twice as far', () => {
  const report = paceReport(10);
  const minutes = [15, 3, 0, 1, 2, 3, 4, 5, 4, 3, 0].map((behind) => report(behind * 60_000) !== null);
  assert.deepEqual(minutes, [false, false, false, true, false, true, false, false, false, false, false]);
});
