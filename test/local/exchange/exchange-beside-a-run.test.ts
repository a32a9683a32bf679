import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { flood } from '../run/flood.ts';
import { startSentinel } from '../run/start-sentinel.ts';
import { storedNumbers } from '../run/stored-samples.ts';

const scratch = scratchFolder();

const sentinel = async (...args: readonly string[]) => {
  using started = startSentinel(args);
  return await started.ended;
};

test('a pipeline that runs exports what it has and takes in an export, and goes on with what is sent to it', async () => {
  const [data, other, out] = ['one', 'two', 'out'].map((name) => join(scratch, name));
  assert.ok(data !== undefined && other !== undefined && out !== undefined);
  using first = startSentinel(['run', '--source', 'none', '--data', data, '--mqtt-port', '0']);
  const port = await first.port;
  assert.ok(port !== null);
  await flood(port, { count: 5_000 });
  const exported = await sentinel('export', '--data', data, '--out', out);
  assert.equal(exported.code, 0, exported.errors);
  assert.match(exported.lines.join(), /: 5,000 samples in \d files?, 0 incidents/);
  first.child.kill('SIGINT');
  await first.ended;

  using second = startSentinel(['run', '--source', 'none', '--data', other, '--mqtt-port', '0']);
  const its = await second.port;
  assert.ok(its !== null);
  const flooding = flood(its, { count: 7_000 });
  for (const [count, known] of [
    ['', ''],
    ['0', '5,000'],
  ]) {
    const imported = await sentinel('import', out, '--data', other);
    assert.equal(imported.code, 0, imported.errors);
    if (known !== '')
      assert.match(imported.lines.join(), new RegExp(`: ${count} samples new, ${known} were stored`));
  }
  await flooding;
  second.child.kill('SIGINT');
  assert.equal((await second.ended).code, 0);
  // Which of the two brought a sample first does not matter: each is there once.
  assert.deepEqual(
    await storedNumbers(other, 'cyl-1'),
    Array.from({ length: 7_000 }, (_, seq) => seq),
  );
});

test('what cannot be exported or imported ends with one line and a code', async () => {
  const none = await sentinel('export', '--data', join(scratch, 'none'), '--out', join(scratch, 'x'));
  assert.equal(none.code, 1);
  assert.match(none.errors, /there is no telemetry store at .*: name the data folder with --data\n$/);
  const nowhere = await sentinel('import', join(scratch, 'nowhere'), '--data', join(scratch, 'three'));
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.errors, /there is no folder/);
  const evil = await sentinel('export', '--cylinder', "x' OR 1=1", '--out', join(scratch, 'x'));
  assert.equal(evil.code, 2);
});
