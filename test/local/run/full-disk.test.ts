import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { mountSmallDisk } from '../../contract/small-disk.ts';
import { flood } from './flood.ts';
import { type Ended, startSentinel } from './start-sentinel.ts';
import { storedNumbers } from './stored-samples.ts';

/** No file can grow beyond one to two times this, as on a full disk. */
const MAX_KIB = 600;
const DISK_BYTES = 64 * 1024 * 1024;
const LEFT_BYTES = 400_000;
const COUNT = 30_000;

type Full = Readonly<{ data: string; ended: Ended; acknowledged: readonly number[] }>;

const runArgs = (data: string) => ['run', '--source', 'none', '--data', data, '--mqtt-port', '0'];

/** What holds of a run that the disk has ended, once there is room again. */
const goesOn = async ({ data, ended: { code, errors }, acknowledged }: Full): Promise<void> => {
  assert.equal(code, 1);
  assert.match(errors, /Ctrl-C stops\n\nsentinel: The (ledger|telemetry store) .* the disk is full.*\n$/);
  assert.ok(acknowledged.length < COUNT);

  using next = startSentinel(runArgs(data));
  const port = await next.port;
  assert.ok(port !== null);
  const more = await flood(port, { first: COUNT, count: 100 });
  assert.equal(more.length, 100);
  next.child.kill('SIGINT');
  assert.equal((await next.ended).code, 0);
  const stored = await storedNumbers(data, 'cyl-1');
  assert.equal(new Set(stored).size, stored.length, 'stored twice');
  const there = new Set(stored);
  assert.deepEqual(
    [...acknowledged, ...more].filter((seq) => !there.has(seq)),
    [],
  );
};

test('files that cannot grow end the run in one line, and what was acknowledged is stored when it goes on', async (t) => {
  const data = join(scratchFolder(), 'data');
  using full = startSentinel(runArgs(data), {
    through: ['sh', '-c', `ulimit -f ${MAX_KIB} && exec "$@"`, 'sh'],
  });
  const port = await full.port;
  assert.ok(port !== null);
  const acknowledged = await flood(port, { count: COUNT });
  t.diagnostic(`${acknowledged.length} samples acknowledged before that`);
  await goesOn({ data, ended: await full.ended, acknowledged });
});

test('a full disk ends the run in one line, and what was acknowledged is stored when there is room', async (t) => {
  const mount = join(scratchFolder(), 'disk');
  const disk = mountSmallDisk(mount, DISK_BYTES);
  if (typeof disk === 'string') {
    t.skip(disk);
    return;
  }
  try {
    const data = join(mount, 'data');
    using full = startSentinel(runArgs(data));
    const port = await full.port;
    assert.ok(port !== null);
    disk.fill(LEFT_BYTES);
    const acknowledged = await flood(port, { count: COUNT });
    t.diagnostic(`${acknowledged.length} samples acknowledged before it was full`);
    const ended = await full.ended;
    disk.empty();
    await goesOn({ data, ended, acknowledged });
  } finally {
    disk.unmount();
  }
});
