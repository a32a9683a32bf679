import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { flood } from './flood.ts';
import { startSentinel } from './start-sentinel.ts';
import { storedNumbers } from './stored-samples.ts';

/** No file can grow beyond one to two times this, as on a full disk. */
const MAX_KIB = 600;

test('a full disk ends the run in one line, and what was acknowledged is stored when it goes on', async (t) => {
  const data = join(scratchFolder(), 'data');
  const args = ['run', '--source', 'none', '--data', data, '--mqtt-port', '0'];
  using full = startSentinel(args, { through: ['sh', '-c', `ulimit -f ${MAX_KIB} && exec "$@"`, 'sh'] });
  const port = await full.port;
  assert.ok(port !== null);
  const count = 30_000;
  const acknowledged = await flood(port, { count });
  const { code, errors } = await full.ended;
  t.diagnostic(`${acknowledged.length} samples acknowledged before the disk was full`);
  assert.equal(code, 1);
  assert.match(errors, /Ctrl-C stops\n\nsentinel: The (ledger|telemetry store) .* the disk is full.*\n$/);
  assert.ok(acknowledged.length < count);

  using next = startSentinel(args);
  const nextPort = await next.port;
  assert.ok(nextPort !== null);
  const more = await flood(nextPort, { first: count, count: 100 });
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
});
