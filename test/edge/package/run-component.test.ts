import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage } from '../../../domain/message/read-message.ts';
import type { LogEntry } from '../../../edge/gateway/log.ts';
import { NucleusRefusal } from '../../../edge/ipc/nucleus-client.ts';
import { runComponent } from '../../../edge/package/run-component.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { connectToDouble, type NucleusDouble, nucleusDouble } from '../ipc/nucleus-double.ts';
import { bytesOf, stump } from '../model/stump.ts';

const folder = scratchFolder();
const newFolder = () => mkdtempSync(join(folder, 'run-'));

const MODEL = bytesOf(stump({ feature: 0, split: 60, left: -2, right: 2 }));

const start = (double: NucleusDouble, workFolder = newFolder()) => {
  const stopping = new AbortController();
  const entries: LogEntry[] = [];
  const connections: ReturnType<typeof connectToDouble>[] = [];
  let isReachable = true;
  const connect = () => {
    if (!isReachable) return Promise.reject(new Error('there is no such socket'));
    const connection = connectToDouble(double);
    connections.push(connection);
    return Promise.resolve(connection);
  };
  const ended = runComponent(
    {
      connect,
      surroundings: { thing: 'core-1', workFolder },
      log: (entry) => void entries.push(entry),
      reconnectMs: [1, 5],
    },
    stopping.signal,
  );
  return {
    workFolder,
    entries,
    ended,
    stop: () => stopping.abort(),
    setReachable(next: boolean) {
      isReachable = next;
    },
    drop: () => connections.forEach(({ drop }) => void drop()),
  };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(5);
};

const samplesIn = ({ published }: NucleusDouble) =>
  published
    .filter(({ topic }) => topic.includes('/inference/'))
    .flatMap(({ topic, payload }) => {
      const own = topic.replace(/^\$aws\/rules\/[^/]+\//, '');
      return readMessage({ topic: own, body: Buffer.from(payload), receivedAt: 0, client: null }).samples;
    });

/** Each sample once: what a pause of the process leaves in doubt is sent again, the same under the same number. */
const distinctSamplesIn = (double: NucleusDouble) => {
  const distinct = new Map<string, ReturnType<typeof samplesIn>[number]>();
  for (const sample of samplesIn(double)) {
    const { cylinder, t, boot, seq, probability } = sample;
    const key = JSON.stringify([cylinder, t, boot, seq, probability]);
    if (!distinct.has(key)) distinct.set(key, sample);
  }
  return [...distinct.values()];
};

const FAST = { lingerSeconds: 0 };

test('without any configuration a simulated line is published under the name of the core device; the signal ends it with 0', async () => {
  const double = nucleusDouble(FAST);
  const running = start(double);
  await until(() => samplesIn(double).length >= 6);
  running.stop();
  assert.equal(await running.ended, 0);
  assert.ok(samplesIn(double).every(({ gateway, why }) => gateway === 'core-1' && why?.length === 6));
  assert.ok(running.entries.some(({ event }) => event === 'stopped'));
});

test('the loss of the connection is waited out in the process: it samples on, and nothing is lost or numbered anew', async () => {
  const double = nucleusDouble({ source: 'socket', modelPath: 'model.json', ...FAST });
  const workFolder = newFolder();
  writeFileSync(join(workFolder, 'model.json'), MODEL);
  const running = start(double, workFolder);
  await until(() => running.entries.some(({ event }) => event === 'started'));
  running.setReachable(false);
  running.drop();
  await until(() => running.entries.some(({ event }) => event === 'nucleus'));
  const bridge = dial(join(workFolder, 'sensors.sock'));
  bridge.end('{"cylinder":"a","rVibration_Temp":70}\n{"cylinder":"a","rVibration_Temp":20}\n');
  await once(bridge.resume(), 'close');
  running.setReachable(true);
  await until(() => distinctSamplesIn(double).length >= 2);
  double.configure({ source: 'socket', modelPath: 'model.json', gateway: 'line-9', ...FAST });
  await until(() => double.published.some(({ topic }) => topic.endsWith('/status/line-9')));
  running.stop();
  assert.equal(await running.ended, 0);
  assert.deepEqual(
    distinctSamplesIn(double).map(({ cylinder, seq, probability }) => [cylinder, seq, probability > 0.5]),
    [
      ['a', 0, true],
      ['a', 1, false],
    ],
  );
});

test('a topic that is denied ends it with 1 and a line that says what to allow', async () => {
  const double = nucleusDouble(FAST);
  double.deny('greengrass/');
  const running = start(double);
  assert.equal(await running.ended, 1);
  assert.match(running.entries.at(-1)?.message ?? '', /denies publishing to greengrass\/.*accessControl/);
});

test('a configuration that is wrong is waited out, and a new one is taken up without a new start', async () => {
  const double = nucleusDouble({ cylinders: 'many' });
  const running = start(double);
  await until(() => running.entries.some(({ event }) => event === 'configuration'));
  assert.match(running.entries[0]?.message ?? '', /cylinders must be a whole number/);
  double.configure({ ...FAST, cylinders: 2 });
  const seen = () => new Set(samplesIn(double).map(({ gateway, cylinder }) => `${gateway} ${cylinder}`));
  await until(() => seen().has('core-1 cyl-01') && seen().has('core-1 cyl-02'));
  double.configure({ ...FAST, cylinders: 1, gateway: 'line-9', publishTo: '$aws/rules/straight' });
  await until(() => seen().has('line-9 cyl-01'));
  running.stop();
  assert.equal(await running.ended, 0);
  assert.ok(double.published.some(({ topic }) => topic.startsWith('$aws/rules/straight/greengrass/')));
  // What waited in the queue when the name changed goes under the new one.
  const gateways = [...seen()].filter((one) => one !== 'line-9 cyl-02').sort();
  assert.deepEqual(gateways, ['core-1 cyl-01', 'core-1 cyl-02', 'line-9 cyl-01']);
  assert.ok(double.published.some(({ topic }) => topic === 'greengrass/ml/status/line-9'));
});

test('until there is a model it waits and says so, on the topic too', { timeout: 300_000 }, async () => {
  const double = nucleusDouble({ source: 'socket', modelPath: 'models', ...FAST });
  const running = start(double);
  await until(() => double.published.length > 0);
  const [status] = double.published;
  assert.equal(status?.topic, 'greengrass/ml/status/core-1');
  assert.match(JSON.parse(status?.payload ?? '').modelError, /models/);
  const models = join(running.workFolder, 'models');
  mkdirSync(models);
  writeFileSync(join(models, '.new'), MODEL);
  renameSync(join(models, '.new'), join(models, 'xgboost-model'));
  await until(() => running.entries.some(({ event }) => event === 'started'));
  running.stop();
  assert.equal(await running.ended, 0);
});

test('a nucleus that is not there at the start is waited for until the signal; one that refuses ends it with 1', async () => {
  const entries: LogEntry[] = [];
  const stopping = new AbortController();
  const runWith = (error: Error) =>
    runComponent(
      {
        connect: () => Promise.reject(error),
        surroundings: { thing: 'core-1', workFolder: newFolder() },
        log: (entry) => void entries.push(entry),
        reconnectMs: [1],
      },
      stopping.signal,
    );
  const waiting = runWith(new Error('there is no such socket'));
  await until(() => entries.length > 0);
  assert.match(entries[0]?.message ?? '', /there is no such socket; trying again/);
  assert.equal(await runWith(new NucleusRefusal('the token is unknown')), 1);
  stopping.abort();
  assert.equal(await waiting, 0);
  assert.equal(entries.at(-1)?.message, 'the token is unknown');
});
