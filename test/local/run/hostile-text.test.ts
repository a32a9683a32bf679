import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { startSentinel } from './start-sentinel.ts';

const folder = scratchFolder();

test('what a client sends begins no line of its own in what the run says, and no terminal obeys it', async () => {
  const data = mkdtempSync(join(folder, 'data-'));
  using sentinel = startSentinel([
    'run',
    '--source',
    'none',
    '--no-desk',
    '--data',
    data,
    '--mqtt-port',
    '0',
  ]);
  const port = await sentinel.port;
  assert.ok(port !== null);
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: 'dev\n\u001b[2Jforged: by the client',
    reconnectPeriod: 0,
  });
  await client.publishAsync('greengrass/ml/inference/li\nforged: by the topic/press-1', '{}', { qos: 1 });
  await client.publishAsync('greengrass/ml/inference/line-1/press-1', '{"forged\n\u001b[31m": 1}', {
    qos: 1,
  });
  await client.endAsync();
  sentinel.child.kill('SIGTERM');
  const { code, errors } = await sentinel.ended;
  assert.equal(code, 0, errors);
  assert.match(errors, /^quarantine: .*gateway li.forged: by the topic/mu);
  assert.doesNotMatch(errors, /^forged/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
  assert.doesNotMatch(errors, /\u001b/);
});
