import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { startBroker } from '../../edge/publisher/test-broker.ts';

const SCRIPT = join(import.meta.dirname, '../../../cli/sentinel.ts');
const MODEL = join(import.meta.dirname, '../../../edge/model/simulated-line.json');

/** A gateway whose model is a pipe that nothing has been written to yet, connected to its broker. */
const edgeBeforeItsModel = async (folder: string) => {
  let clients = 0;
  const broker = await startBroker({
    authenticate: (_client, _name, _word, done) => done(null, ++clients > 0),
  });
  const [model, socket, queue] = [join(folder, 'slow'), join(folder, 's'), join(folder, 'q')];
  execFileSync('mkfifo', [model]);
  const options = [
    '--gateway',
    'gw-9',
    '--model',
    model,
    '--queue',
    queue,
    '--source',
    'socket',
    '--socket',
    socket,
  ];
  const child = spawn(process.execPath, [SCRIPT, 'edge', '--to', broker.url, ...options], { stdio: 'pipe' });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  const pipe: FileHandle = await open(model, 'w');
  while (clients === 0) await sleep(5);
  return {
    broker,
    bridge: dial(socket),
    writeModel: async (bytes: Uint8Array | string) => {
      await pipe.writeFile(bytes);
      await pipe.close();
    },
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await broker.kill();
    },
  };
};

test('while its model is read a gateway is connected, and what comes meanwhile is scored by it', async () => {
  await using gateway = await edgeBeforeItsModel(scratchFolder());
  gateway.bridge.write(`${JSON.stringify({ cylinder: 'cyl-01', rVibration_Temp: 48 })}\n`);
  await gateway.writeModel(await readFile(MODEL));
  const { received } = gateway.broker;
  const isSample = ({ topic }: { topic: string }) => topic === 'greengrass/ml/inference/gw-9/cyl-01';
  while (!received.some(isSample)) await sleep(5);
  const [sample] = JSON.parse(received.find(isSample)?.payload ?? '{}').samples;
  assert.deepEqual([sample.seq, sample.rVibration_Temp], [0, 48]);
  assert.ok(sample.probability >= 0 && sample.probability <= 1);
});

test('a model that turns out to be none ends a gateway with the one line about it', async () => {
  await using gateway = await edgeBeforeItsModel(scratchFolder());
  await gateway.writeModel('no model');
  const [[code], errors] = await gateway.ended;
  assert.equal(code, 2);
  assert.match(errors, /^sentinel: slow: this is no XGBoost model.*\n$/);
  assert.deepEqual(gateway.broker.received, []);
});
