import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { openDataFolder } from '../../local/run/data-folder.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { runSentinel } from '../cli/run-sentinel.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { incidentRecord } from '../fixture/incident-record.ts';
import { sample } from '../fixture/stored-sample.ts';

const scratch = scratchFolder();
const data = join(scratch, "line's data");
const T = Date.UTC(2026, 0, 5, 10);

before(async () => {
  const folder = openDataFolder(data);
  openLedgerDatabase({ path: folder.ledger }).close();
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  await telemetry.write(
    Array.from({ length: 3600 }, (_, seq) =>
      sample({
        seq,
        t: T + seq * 1000,
        receivedAt: T + seq * 1000,
        probability: seq >= 1800 && seq < 2400 ? 0.9 : 0.1,
      }),
    ),
  );
  await telemetry.recordIncident(
    incidentRecord({
      id: `cyl-07@${T}`,
      beganAt: T + 1_800_000,
      raisedAt: T + 1_840_000,
      lastAbnormalAt: T + 2_399_000,
      clearedAt: T + 2_700_000,
      comment: '<script>alert("누설")</script>',
      why: [0.1, 2.5, -0.5, 0, 0, 0.2],
    }),
  );
  await telemetry.close();
});

const report = (out: string, ...args: readonly string[]) =>
  runSentinel(['report', '--data', data, '--out', join(scratch, out), ...args]);

test('a report of a data folder shows its incident with its course, and is written whole', async () => {
  const { code, out, errors } = await report('a.html');
  assert.equal(code, 0, errors);
  assert.match(out, /a\.html: 2025-12-29T11:00:00Z to 2026-01-05T11:00:00Z, 1 incidents, \d+ KB/);
  const page = readFileSync(join(scratch, 'a.html'), 'utf8');
  assert.match(page, /<dt>Samples<\/dt><dd>3,600<\/dd>/);
  assert.match(page, /&lt;script&gt;alert\(&quot;누설&quot;\)/);
  const [, points = ''] = /<polyline class="course" points="([^"]*)"/.exec(page) ?? [];
  const heights = points.split(' ').map((point) => Number(point.split(',')[1]));
  assert.equal(heights.length, 60);
  // 0.9 is drawn above 0.1, and both are there.
  assert.deepEqual([Math.min(...heights), Math.max(...heights)], [7.8, 46.2]);
  assert.deepEqual(
    readdirSync(scratch).filter((name) => name.endsWith('.part')),
    [],
  );
});

test('the commands that a report gives ask the same again', async () => {
  await report('b.html', '--cylinder', 'cyl-07');
  const page = readFileSync(join(scratch, 'b.html'), 'utf8');
  const [, command = ''] = /npx sentinel (query worst-actors [^<]*)/.exec(page) ?? [];
  const text = command.replaceAll('&#39;', "'");
  const args = [...text.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll("'\\''", "'") ?? bare ?? '',
  );
  const { code, out, errors } = await runSentinel(args);
  assert.equal(code, 0, errors);
  assert.match(out, /cyl-07,1,0\.166/);
  assert.match(page, /only cylinder cyl-07/);
});

test('a time without anything, and one that is yet to come, make a page and say what is stored', async () => {
  for (const range of [
    ['--from', '2020-01-01', '--to', '2020-01-02'],
    ['--from', '2050-01-01', '--to', '2050-02-01'],
  ]) {
    const { code, errors } = await report('c.html', ...range);
    assert.equal(code, 0, errors);
    assert.match(
      errors,
      /no sample of that time is stored: they are from 2026-01-05T10:00:00Z to 2026-01-05T10:59:59Z/,
    );
    assert.match(readFileSync(join(scratch, 'c.html'), 'utf8'), /Nothing is stored of this time/);
  }
});

test('what cannot be asked or written is said in one line, and leaves nothing behind', async () => {
  const wrong = await report('d.html', '--from', '2026-01-06', '--to', '2026-01-05');
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /--from 2026-01-06T00:00:00Z has to be before/);
  const nowhere = await report(join('no', 'such', 'folder', 'd.html'));
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.errors, /the report cannot be written: .*name another file with --out$/);
  const evil = await report('d.html', '--cylinder', "x' OR '1'='1");
  assert.equal(evil.code, 2);
  assert.ok(!existsSync(join(scratch, 'd.html')));
});
