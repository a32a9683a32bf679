import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { START_MS } from '../fixture/alarm-words.ts';
import { messageOf } from '../fixture/received-message.ts';
import { runSentinel } from './run-sentinel.ts';

const SENTINEL = join(import.meta.dirname, '../../cli/sentinel.ts');
const folder = scratchFolder();

const PATTERNS = ['nnnnn', 'AAAAAAAAAA'.repeat(12), 'nnnnn'];

const store = async (): Promise<void> => {
  const telemetry = await openDuckDbTelemetry({ path: join(folder, 'telemetry.duckdb') });
  let from = 0;
  for (const pattern of PATTERNS) {
    for (const cylinder of ['c', 'd']) {
      const { raw, reading } = messageOf(cylinder, pattern, { from });
      await telemetry.write(reading.samples.map((sample) => ({ ...sample, receivedAt: raw.receivedAt })));
    }
    from += pattern.length;
  }
  await telemetry.close();
};

test('what is stored of a cylinder is replayed as it was received', { timeout: 300_000 }, async () => {
  await store();
  const { code, out, errors } = await runSentinel(['export-replay', '--cylinder', 'c', '--data', folder]);
  assert.equal(code, 0, errors);
  assert.equal(errors, '3 messages of c; what people asked for is not among them');
  const lines = out.split('\n').map((line) => JSON.parse(line));
  assert.ok('policy' in lines[0]);
  assert.deepEqual(
    lines
      .slice(1)
      .map(({ receivedAt, payload }) => [(receivedAt - START_MS) / 1000, payload?.samples.length ?? 'tick']),
    [
      [4, 5],
      [64, 'tick'],
      [124, 'tick'],
      [124, 120],
      [129, 5],
      [184, 'tick'],
    ],
  );
  const replayed = execFileSync(process.execPath, [SENTINEL, 'replay'], { input: out, encoding: 'utf8' });
  assert.match(replayed, /"to":"ACTIVE","incident":"c@\d+"/);
});

test('a folder without a store, and a cylinder that it does not know, are one line each', async () => {
  const nowhere = await runSentinel(['export-replay', '--cylinder', 'c', '--data', join(folder, 'nowhere')]);
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.errors, /^sentinel: .*telemetry\.duckdb cannot be read/);
  const unknown = await runSentinel(['export-replay', '--cylinder', 'x', '--data', folder]);
  assert.deepEqual([unknown.code, unknown.out, /holds no samples of x$/.test(unknown.errors)], [2, '', true]);
});
