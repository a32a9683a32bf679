import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt from 'mqtt';
import { readMessage } from '../../domain/message/read-message.ts';
import { buildPackages, installDrivers, installSdk } from '../../edge/build/build-packages.ts';
import { ENVIRONMENT, NODE_FLAGS } from '../../edge/package/recipes.ts';
import { unzipTo } from '../edge/build/unzip.ts';
import { type NucleusDouble, nucleusDouble } from '../edge/ipc/nucleus-double.ts';
import { startNucleusSocket } from '../edge/ipc/nucleus-socket.ts';
import { noMosquitto, startMosquitto } from '../edge/publisher/mosquitto.ts';
import { startOpcuaLine } from './opcua-server.ts';

/** The package as it is built, out of reach of this project's modules, before servers that are not ours. */

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'component-'));
const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
const artifacts = buildPackages({
  root: ROOT,
  sdkFolder: await installSdk(),
  driverFolders: await installDrivers(),
  version: '0.0.1',
  model: [{ path: 'model.json', bytes: readFileSync(join(ROOT, 'edge/model/simulated-line.json')) }],
  modelVersion: '0.0.1',
  artifacts: 's3://bucket/folder',
});
const archive = artifacts.find(({ name }) => name === `GGMLInference-linux-${architecture}.zip`);
assert.ok(archive !== undefined);
unzipTo(archive.bytes, join(folder, 'component'));
mkdirSync(join(folder, 'work'));

const double = nucleusDouble({ source: 'modbus' });
const socket = await startNucleusSocket(double, join(folder, 'nucleus.sock'));
const component = spawn(
  process.execPath,
  [...NODE_FLAGS, join(folder, 'component/edge/package/component.js')],
  {
    cwd: join(folder, 'work'),
    // No cache of this user: nothing but what is in the package can be found.
    env: { PATH: process.env.PATH, HOME: folder, ...ENVIRONMENT, ...socket.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let log = '';
component.stdout.on('data', (bytes) => {
  log += bytes;
});
after(async () => {
  component.kill();
  await once(component, 'close');
  await socket[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const samplesOf = ({ published }: NucleusDouble, cylinder: string) =>
  published.flatMap(({ topic, payload }) =>
    topic.endsWith(`/${cylinder}`)
      ? readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null }).samples
      : [],
  );

/** Configures the component, and waits for a sample of a cylinder that is as it should be. */
const expectSample = async (
  source: string,
  map: object,
  cylinder: string,
  values: readonly (number | null)[],
): Promise<void> => {
  const modelPath = join(ROOT, 'edge/model/simulated-line.json');
  double.configure({ source, modelPath, lingerSeconds: 0, map: { periodMs: 200, ...map } });
  const wanted = JSON.stringify(values);
  const isThere = () => samplesOf(double, cylinder).some((one) => JSON.stringify(one.values) === wanted);
  for (let waited = 0; waited < 60_000 && !isThere(); waited += 20) await sleep(20);
  assert.ok(isThere(), `${JSON.stringify(samplesOf(double, cylinder).at(-1))} ${log}`);
};

type Vector = Readonly<{ getHoldingRegister(address: number): number }>;
type ModbusModule = Readonly<{
  ServerTCP: new (vector: Vector, options: object) => Readonly<{ close(done: () => void): void }>;
  ServerSerial: new (vector: Vector, options: object) => Readonly<{ close(done: () => void): void }>;
}>;
type Tahu = Readonly<{ get(namespace: string): Readonly<{ encodePayload(payload: object): Uint8Array }> }>;
const require = createRequire(import.meta.url);
const { ServerTCP, ServerSerial }: ModbusModule = require('modbus-serial');
const { get }: Tahu = require('sparkplug-payload');

const REGISTERS = {
  rVibration_Temp: { from: 'holding 5200', scale: 0.01 },
  wRMSCurrent: { from: 'holding 5201', type: 'float32' },
};
/** 41.5, and 3.5 as a float. */
const vector: Vector = { getHoldingRegister: (address) => [4150, 0x4060, 0][address - 5200] ?? 0 };

test('the packaged component polls a server of Modbus TCP', async () => {
  const port = await freePort();
  const server = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 1 });
  const modbus = { host: '127.0.0.1', port, devices: [{ cylinder: 'tcp-1', unit: 1 }] };
  await expectSample('modbus', { modbus, sensors: REGISTERS }, 'tcp-1', [41.5, null, null, 3.5, null, null]);
  await new Promise<void>((resolve) => server.close(resolve));
});

test('the packaged component reads a serial line, by the native code in it', async () => {
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const line = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], {
    stdio: 'ignore',
  });
  while (!existsSync(near) || !existsSync(far)) await sleep(20);
  const options = { path: far, baudRate: 19_200, parity: 'none', unitID: 1, interval: 5 };
  const server = new ServerSerial(vector, options);
  const modbus = { serial: { path: near, parity: 'none' }, devices: [{ cylinder: 'rtu-1', unit: 1 }] };
  await expectSample('modbus', { modbus, sensors: REGISTERS }, 'rtu-1', [41.5, null, null, 3.5, null, null]);
  await new Promise<void>((resolve) => server.close(resolve));
  line.kill();
});

test('the packaged component subscribes at a server of OPC UA, and keeps its certificates in its work folder', async () => {
  const port = await freePort();
  await using line = await startOpcuaLine({ port, presses: ['Press1'], names: ['Temp', 'Current'] });
  line.set('Press1.Temp', 41.5);
  line.set('Press1.Current', 3.5);
  const opcua = { url: `opc.tcp://127.0.0.1:${port}`, devices: [{ cylinder: 'ua-1', at: 'Press1' }] };
  const sensors = {
    rVibration_Temp: 'nsu=urn:test:line;s={at}.Temp',
    wRMSCurrent: 'nsu=urn:test:line;s={at}.Current',
  };
  await expectSample('opcua', { opcua, sensors }, 'ua-1', [41.5, null, null, 3.5, null, null]);
  assert.ok(existsSync(join(folder, 'work/opcua-pki/own/certs')));
});

test('the packaged component hears an edge node of Sparkplug B', { skip: noMosquitto }, async () => {
  await using broker = await startMosquitto(folder);
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const send = (topic: string, seq: number, metrics: readonly object[]): Promise<unknown> => {
    const all = metrics.map((metric) => ({ type: 'Double', timestamp: Date.now(), ...metric }));
    const body = get('spBv1.0').encodePayload({ timestamp: Date.now(), seq, metrics: all });
    return client.publishAsync(`spBv1.0/plant/${topic}`, Buffer.from(body));
  };
  const born = async (): Promise<void> => {
    await send('NBIRTH/line1', 0, [{ name: 'bdSeq', value: 0, type: 'UInt64' }]);
    await send('DBIRTH/line1/sp-1', 1, [
      { name: 'Temp', alias: 1, value: 41.5 },
      { name: 'Current', alias: 2, value: 3.5 },
    ]);
  };
  client.on('message', born);
  await client.subscribeAsync('spBv1.0/plant/NCMD/line1');
  const telling = setInterval(() => send('NDATA/line1', 7, []), 300);
  const sparkplug = { broker: `mqtt://127.0.0.1:${broker.port}`, group: 'plant' };
  const sensors = { rVibration_Temp: 'Temp', wRMSCurrent: 'Current' };
  await expectSample('sparkplug', { sparkplug, sensors }, 'sp-1', [41.5, null, null, 3.5, null, null]);
  clearInterval(telling);
  await client.endAsync(true);
});
