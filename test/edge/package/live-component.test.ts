import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage } from '../../../domain/message/read-message.ts';
import type { LogEntry } from '../../../edge/gateway/log.ts';
import { runComponent } from '../../../edge/package/run-component.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { connectToDouble, type NucleusDouble, nucleusDouble } from '../ipc/nucleus-double.ts';
import { bytesOf, stump } from '../model/stump.ts';
import { startModbusServer } from '../sources/modbus-server.ts';

const folder = scratchFolder();
const MODEL = bytesOf(stump({ feature: 0, split: 60, left: -2, right: 2 }));

/** The unit's number, and 41.5 °C. */
const startServer = () =>
  startModbusServer((unit, _, start, count) =>
    Array.from({ length: count }, (_, index) => (start + index === 5200 ? 4150 : unit)),
  );

const mapFor = (port: number, cylinder = 'press-1', unit = 1) => ({
  modbus: { host: '127.0.0.1', port, devices: [{ cylinder, unit }] },
  periodMs: 50,
  sensors: { rVibration_Temp: { from: 'holding 5200', scale: 0.01 }, wRMSCurrent: 'holding 5201' },
});

const start = (double: NucleusDouble) => {
  const workFolder = mkdtempSync(join(folder, 'run-'));
  writeFileSync(join(workFolder, 'model.json'), MODEL);
  const stopping = new AbortController();
  const entries: LogEntry[] = [];
  const ended = runComponent(
    {
      connect: () => Promise.resolve(connectToDouble(double)),
      surroundings: { thing: 'core-1', workFolder },
      log: (entry) => void entries.push(entry),
    },
    stopping.signal,
  );
  return {
    workFolder,
    said: (text: RegExp) => entries.some(({ message }) => text.test(message)),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      assert.equal(await ended, 0);
    },
  };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(5);
};

const samplesIn = ({ published }: NucleusDouble) =>
  published
    .filter(({ topic }) => topic.includes('/inference/'))
    .flatMap(({ topic, payload }) => {
      const body = Buffer.from(payload);
      return readMessage({ topic, body, receivedAt: 0, client: null }).samples;
    });

const FAST = { modelPath: 'model.json', lingerSeconds: 0 };

test('a map in the configuration makes the component poll Modbus itself, score and publish', async () => {
  await using server = await startServer();
  const double = nucleusDouble({ ...FAST, source: 'modbus', map: mapFor(server.port) });
  await using _ = start(double);
  await until(() => samplesIn(double).length > 2);
  const [sample] = samplesIn(double);
  assert.deepEqual([sample?.gateway, sample?.cylinder], ['core-1', 'press-1']);
  assert.deepEqual(sample?.values, [41.5, null, null, 1, null, null]);
  assert.ok((sample?.probability ?? 1) < 0.2);
});

test('another map in a new configuration is taken up by the running process, and the devices of the first are left', async () => {
  await using first = await startServer();
  await using second = await startServer();
  const double = nucleusDouble({ ...FAST, source: 'modbus', map: mapFor(first.port) });
  await using _ = start(double);
  await until(() => samplesIn(double).length > 0);
  const map = mapFor(second.port, 'press-2', 7);
  double.configure({ ...FAST, source: 'modbus', map: JSON.stringify(map) });
  await until(() => samplesIn(double).some(({ cylinder }) => cylinder === 'press-2'));
  const asked = first.requests.length;
  const count = samplesIn(double).length;
  await until(() => samplesIn(double).length > count + 3);
  assert.equal(first.requests.length, asked);
  const last = samplesIn(double).at(-1);
  assert.deepEqual([last?.cylinder, last?.values[3]], ['press-2', 7]);
});

test('a map that is wrong is named in the log and waited out: the next configuration is taken up', async () => {
  await using server = await startServer();
  const double = nucleusDouble({ ...FAST, source: 'modbus' });
  await using running = start(double);
  await until(() => running.said(/source modbus needs map, or mapPath/));
  double.configure({ ...FAST, source: 'modbus', map: { ...mapFor(server.port), sensors: { wTemp: 'x' } } });
  await until(() => running.said(/map: sensors\.wTemp is not a field of a mapping: check the spelling/));
  double.configure({ ...FAST, source: 'modbus', mapPath: 'press.json' });
  await until(() => running.said(/press\.json: ENOENT/));
  assert.equal(samplesIn(double).length, 0);
  writeFileSync(join(running.workFolder, 'line.json'), JSON.stringify(mapFor(server.port)));
  double.configure({ ...FAST, source: 'modbus', mapPath: 'line.json' });
  await until(() => samplesIn(double).length > 0);
});

test('the file of a map that says nothing of the source is named', async () => {
  await using server = await startServer();
  const double = nucleusDouble({ ...FAST, source: 'opcua', mapPath: 'line.json' });
  await using running = start(double);
  writeFileSync(join(running.workFolder, 'line.json'), JSON.stringify(mapFor(server.port)));
  await until(() => running.said(/source opcua: needs a map that says where the devices are, as "opcua"/));
});

test('a map beside a line that is made up is said to be without use', async () => {
  const double = nucleusDouble({ ...FAST, map: mapFor(1) });
  await using running = start(double);
  await until(() => running.said(/the samples are made up \(source simulated\): the map is not used/));
});
