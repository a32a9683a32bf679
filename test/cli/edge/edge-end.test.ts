import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { startCutProxy } from '../../edge/publisher/cut-proxy.ts';
import { startBroker, type TestBroker } from '../../edge/publisher/test-broker.ts';

const queue = join(scratchFolder(), 'queue.sqlite');
const SCRIPT = join(import.meta.dirname, '../../../cli/sentinel.ts');
const MODEL = join(import.meta.dirname, '../../../edge/model/simulated-line.json');
const SAMPLE = `${JSON.stringify({ cylinder: 'cyl-01', rVibration_Temp: 48 })}\n`;

const edge = (url: string) => {
  const args = [SCRIPT, 'edge', '--to', url, '--gateway', 'gw-9', '--model', MODEL, '--queue', queue];
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code], errors]) => ({
    code,
    errors,
  }));
  return { child, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
};

const topics = ({ received }: TestBroker) => received.map(({ topic }) => topic);

test('SIGTERM ends it while the broker is silent, and what was not acknowledged is sent by the next start', async () => {
  await using broker = await startBroker();
  await using proxy = await startCutProxy(broker.port);
  {
    using running = edge(proxy.url);
    while (broker.received.length === 0) await sleep(5);
    proxy.set('stall');
    running.child.stdin.write(`${SAMPLE}no sample\n`);
    running.child.stderr.on('data', (data) => {
      if (String(data).includes('is not a JSON object')) running.child.kill('SIGTERM');
    });
    const { code, errors } = await running.ended;
    assert.equal(code, 0, errors);
    assert.match(errors, /stopped: 1 samples scored, 0 acknowledged, 1 kept in the queue for the next start/);
    assert.ok(!topics(broker).includes('greengrass/ml/inference/gw-9/cyl-01'));
  }
  using running = edge(broker.url);
  running.child.stdin.end();
  assert.equal((await running.ended).code, 0);
  assert.ok(topics(broker).includes('greengrass/ml/inference/gw-9/cyl-01'));
});
