import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { readMessage } from '../../../domain/message/read-message.ts';
import { buildPackages, installDrivers, installSdk } from '../../../edge/build/build-packages.ts';
import { ENVIRONMENT, NODE_FLAGS } from '../../../edge/package/recipes.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { unzip, unzipTo } from '../../edge/build/unzip.ts';
import { type NucleusDouble, nucleusDouble } from '../../edge/ipc/nucleus-double.ts';
import { type NucleusSocket, startNucleusSocket } from '../../edge/ipc/nucleus-socket.ts';

/** The packages as they are built, with the real SDK, on a socket that behaves as the nucleus was measured to. */

const ROOT = join(import.meta.dirname, '../../..');
const MAX_BYTES = 8 * 1000 * 1000;
const folder = scratchFolder();
const LINE_MODEL = join(ROOT, 'edge/model/simulated-line.json');

const options = {
  root: ROOT,
  sdkFolder: await installSdk(),
  driverFolders: await installDrivers(),
  version: '0.0.1',
  model: [{ path: 'model.json', bytes: readFileSync(LINE_MODEL) }],
  modelVersion: '0.0.2',
  artifacts: 's3://bucket/folder',
};
const artifacts = new Map(buildPackages(options).map(({ name, bytes }) => [name, bytes]));

const artifact = (name: string): Buffer => {
  const bytes = artifacts.get(name);
  assert.ok(bytes, `${name} is not among ${[...artifacts.keys()]}`);
  return bytes;
};

const own = process.arch === 'arm64' ? 'arm64' : 'x64';
const unpacked = join(folder, 'component');
unzipTo(artifact(`GGMLInference-linux-${own}.zip`), unpacked);
const unpackedLambda = join(folder, 'lambda');
unzipTo(artifact('GGMLInference-lambda.zip'), unpackedLambda);

const COMPONENT = [...NODE_FLAGS, join(unpacked, 'edge/package/component.js')];

const logLine = v.looseObject({
  time: v.string(),
  level: v.string(),
  event: v.string(),
  message: v.string(),
});
type LogLine = v.InferOutput<typeof logLine>;

const children: ReturnType<typeof spawn>[] = [];
after(() => children.forEach((child) => void child.kill('SIGKILL')));

const run = (args: readonly string[], socket: NucleusSocket, workFolder: string, environment = {}) => {
  const child = spawn(process.execPath, args, {
    cwd: workFolder,
    env: { PATH: process.env.PATH, ...ENVIRONMENT, ...socket.environment, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(v.parse(logLine, JSON.parse(line))));
  const ended = once(child, 'close').then(([code]) => Number(code));
  return { child, log, ended };
};

const newFolder = () => mkdtempSync(join(folder, 'work-'));
const socketFor = (double: NucleusDouble, name: string) =>
  startNucleusSocket(double, join(folder, `${name}.sock`));

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(10);
};

const samplesIn = ({ published }: NucleusDouble) =>
  published
    .filter(({ topic }) => topic.startsWith('greengrass/ml/inference/'))
    .flatMap(
      ({ topic, payload }) =>
        readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null }).samples,
    );

test('each archive has at most 8 MB, native code for its processors alone, and is built to the same bytes again', () => {
  for (const [name, bytes] of artifacts) assert.ok(bytes.length <= MAX_BYTES, `${name}: ${bytes.length}`);
  const native = (name: string) =>
    unzip(artifact(name))
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.node'))
      .map((path) => path.replace(/^.*\/(bin|prebuilds)\/|\/[^/]*$/g, ''));
  // Of a serial line, and of the SDK.
  const [x64, arm64] = [
    ['linux-x64', 'linux-x64-glibc'],
    ['linux-arm64', 'linux-arm64-glibc'],
  ];
  assert.deepEqual(native('GGMLInference-linux-x64.zip'), x64);
  assert.deepEqual(native('GGMLInference-linux-arm64.zip'), arm64);
  assert.deepEqual(native('GGMLInference-lambda.zip').toSorted(), [...arm64, ...x64].toSorted());
  for (const { name, bytes } of buildPackages(options)) assert.ok(bytes.equals(artifact(name)), name);
});

test('the component publishes by the real SDK, ten samples a message, and stops when it is told to', {
  timeout: 300_000,
}, async () => {
  const double = nucleusDouble({ cylinders: 2 });
  await using socket = await socketFor(double, 'publish');
  const { child, log, ended } = run(COMPONENT, socket, newFolder());
  await until(() => samplesIn(double).length >= 20);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.deepEqual(double.maxAtOnce(), 1);
  assert.ok(double.echoes() > 0);
  assert.ok(samplesIn(double).every(({ gateway, why }) => gateway === 'core-1' && why?.length === 6));
  assert.ok(double.published.some(({ payload }) => JSON.parse(payload).samples?.length === 10));
  assert.deepEqual([log[0]?.event, log.at(-1)?.event], ['started', 'stopped']);
});

test('offline, then a nucleus that is gone, a kill and a new start: no sample is missing', {
  timeout: 300_000,
}, async () => {
  const configuration = { source: 'socket', lingerSeconds: '0', modelPath: LINE_MODEL };
  const workFolder = newFolder();
  const first = nucleusDouble(configuration);
  first.setOnline(false);
  {
    await using socket = await socketFor(first, 'offline');
    const { child, log, ended } = run(COMPONENT, socket, workFolder);
    await until(() => log.some(({ event }) => event === 'publish'));
    await socket[Symbol.asyncDispose]();
    await until(() => log.some(({ event }) => event === 'nucleus'));
    const bridge = dial(join(workFolder, 'sensors.sock'));
    bridge.end(Array.from({ length: 30 }, () => '{"cylinder":"a","rVibration_Temp":50}\n').join(''));
    await once(bridge.resume(), 'close');
    await sleep(500);
    child.kill('SIGKILL');
    await ended;
  }
  const second = nucleusDouble(configuration);
  await using socket = await socketFor(second, 'again');
  const { child, ended } = run(COMPONENT, socket, workFolder);
  await until(() => samplesIn(second).length >= 30);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.deepEqual(
    samplesIn(second).map(({ seq }) => seq),
    Array.from({ length: 30 }, (_, seq) => seq),
  );
});

test('a right that is missing is fatal, and the log says which', { timeout: 300_000 }, async () => {
  const double = nucleusDouble({ lingerSeconds: '0' });
  double.deny('greengrass/ml/inference/');
  await using socket = await socketFor(double, 'denied');
  const { log, ended } = run(COMPONENT, socket, newFolder());
  assert.equal(await ended, 1);
  assert.match(
    log.at(-1)?.message ?? '',
    /denies publishing to greengrass\/ml\/inference\/core-1\/.*accessControl/,
  );
});

test('a configuration that changes is taken up by the running process', { timeout: 300_000 }, async () => {
  const double = nucleusDouble({ lingerSeconds: 0, cylinders: 'many' });
  await using socket = await socketFor(double, 'change');
  const { child, log, ended } = run(COMPONENT, socket, newFolder());
  await until(() => log.some(({ event }) => event === 'configuration'));
  double.configure({ lingerSeconds: 0, cylinders: 1, gateway: 'line-7' });
  await until(() => samplesIn(double).length > 0);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.equal(samplesIn(double)[0]?.gateway, 'line-7');
});

test('a token that the nucleus does not know ends it at once', { timeout: 300_000 }, async () => {
  await using socket = await socketFor(nucleusDouble(), 'token');
  const { log, ended } = run(COMPONENT, socket, newFolder(), { SVCUID: 'wrong' });
  assert.equal(await ended, 1);
  assert.equal(log.length, 1);
});

test('the Lambda package lives by its environment, answers a call, and publishes without one', {
  timeout: 300_000,
}, async () => {
  const double = nucleusDouble();
  await using socket = await socketFor(double, 'lambda');
  const workFolder = newFolder();
  mkdirSync(join(workFolder, 'models'));
  const call = `const { handler } = require(${JSON.stringify(join(unpackedLambda, 'index.js'))});
handler({}).then((answer) => console.log(JSON.stringify({ time: '', level: '', event: 'answer', message: JSON.stringify(answer) })));`;
  const { child, log, ended } = run(
    ['--disable-warning=ExperimentalWarning', '-e', call],
    socket,
    workFolder,
    {
      WORK_FOLDER: workFolder,
      CYLINDERS: '1',
      LINGER_SECONDS: '0',
      GATEWAY: 'lambda-1',
    },
  );
  await until(() => samplesIn(double).length >= 2);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.equal(log.find(({ event }) => event === 'answer')?.message, '{"running":true}');
  assert.ok(
    samplesIn(double).every(({ gateway, cylinder }) => gateway === 'lambda-1' && cylinder === 'cyl-01'),
  );
});
