import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { savedQueries } from '../../analysis/saved-queries.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand, runSentinel } from './run-sentinel.ts';

const data = join(scratchFolder(), 'data');

before(async () => {
  const run = ['run', '--speed', '600', '--for', '3s', '--mqtt-port', '0', '--no-desk', '--data', data];
  const { code, errors } = await runSentinel(run);
  assert.equal(code, 0, errors);
});

for (const { name, columns } of savedQueries())
  test(`sentinel query ${name} answers what a line has stored, under the columns that it describes`, async () => {
    const { code, out, errors } = await runCommand(['query', name, '--data', data, '--format', 'csv']);
    assert.equal(code, 0, errors);
    // A query without a row says so, and has no header.
    const header = out.split('\n', 1)[0] ?? '';
    if (header === '')
      assert.match(
        errors,
        /nothing to (say of that: samples are stored|compare with: no sample is stored) from 20/,
      );
    else
      for (const [column] of columns)
        assert.ok(header.split(',').includes(column), `${column} is not in ${header}`);
  });

test('the incident of the simulated line is answered, by its time and cylinder', async () => {
  const { out, errors } = await runCommand(['query', 'incidents', '--data', data, '--format', 'json']);
  assert.match(out, /"cylinder": ?"cyl-03"/, errors);
});

test('a reference that compares with nothing is refused, and a drift without one says why it has no answer', async () => {
  const ask = (...args: readonly string[]) => runSentinel(['query', ...args, '--data', data]);
  const other = await ask('gaps', '--reference', '2026-01-01');
  assert.deepEqual([other.code, other.errors], [2, 'sentinel: --reference is for the saved query drift']);
  const after = await ask('drift', '--from', '2026-01-08', '--to', '2026-01-09', '--reference', '2026-01-08');
  assert.equal(after.code, 2);
  assert.match(after.errors, /--reference 2026-01-08T00:00:00Z has to be before --from 2026-01-08T00:00:00Z/);
  const none = await ask('drift');
  assert.equal(none.code, 0);
  assert.match(none.errors, /nothing to compare with: .*--reference TIME/);
  const site = await ask('gaps', '--site', 'nowhere');
  assert.match(site.errors, /is nowhere a gateway/);
});

test('--max-scan counts what a query reads: of before-incidents the hours near them, which lie in the time asked about', async () => {
  const scan = (...args: readonly string[]) =>
    runCommand(['query', ...args, '--data', data, '--format', 'csv', '--max-scan', '1B']);
  const near = await scan('before-incidents');
  assert.equal(near.code, 2, near.errors);
  const [, read = ''] = /reads up to ([\d,]+) samples/.exec(near.errors) ?? [];
  const { out } = await runCommand(['query', '--data', data, 'SELECT count(*) AS n FROM samples']);
  const all = Number(out.split('\n')[1]);
  const few = Number(read.replaceAll(',', ''));
  assert.ok(few > 0 && few <= all, `${read} of ${all}`);
  assert.equal((await scan('incidents')).code, 0);
});

for (const [what, args, says] of [
  ['neither a name nor SQL', [''], 'name a saved query (sentinel query --list), or give SQL with --sql'],
  [
    'a saved query beside SQL',
    ['coverage', '--sql', 'SELECT 1'],
    'ask a saved query or --sql, one at a time',
  ],
  ['a cylinder of SQL', ['--sql', 'SELECT 1', '--cylinder', 'cyl-01'], '--cylinder is for saved queries'],
  ['a time of SQL', ['SELECT 1', '--from', '7d'], '--from is for saved queries'],
  [
    'a file of rows that are printed',
    ['coverage', '--format', 'csv', '--out', 'x.csv'],
    '--out is for --format parquet',
  ],
  [
    'Parquet on the terminal',
    ['coverage', '--format', 'parquet'],
    'name the file of --format parquet with --out FILE',
  ],
  [
    'a file in no folder',
    ['coverage', '--format', 'parquet', '--out', 'no/x.parquet'],
    'there is no folder no: make it first',
  ],
  [
    'a folder for a file',
    ['coverage', '--format', 'parquet', '--out', '.'],
    '. is a folder: name a file in it',
  ],
] as const)
  test(`${what} is refused, before anything is read`, async () => {
    const { code, errors } = await runCommand(['query', ...args, '--data', join(data, 'nowhere')]);
    assert.equal(code, 2, errors);
    assert.ok(errors.startsWith(`sentinel: ${says}`), errors);
  });

for (const sql of ['', ' ; ', '-- nothing', '/* nothing\n */ --'])
  test(`SQL without a statement is said to be that: ${JSON.stringify(sql)}`, async () => {
    const { code, errors } = await runCommand(['query', '--data', data, '--sql', sql]);
    assert.deepEqual([code, errors], [1, 'sentinel: there is no statement in that\n']);
  });
