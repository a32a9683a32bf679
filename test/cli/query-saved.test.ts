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
    if (header === '') assert.match(errors, /nothing to say of that: samples are stored from 20/);
    else
      for (const [column] of columns)
        assert.ok(header.split(',').includes(column), `${column} is not in ${header}`);
  });

test('the incident of the simulated line is answered, by its time and cylinder', async () => {
  const { out, errors } = await runCommand(['query', 'incidents', '--data', data, '--format', 'json']);
  assert.match(out, /"cylinder": ?"cyl-03"/, errors);
});
