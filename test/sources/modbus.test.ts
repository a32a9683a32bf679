import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { modbusSource } from '../../edge/sources/modbus/modbus-source.ts';
import { pause } from '../../edge/timing/timing.ts';
import { mappingOf, readSource } from './read-source.ts';

/** What is used of `modbus-serial`, which is installed in this folder. */
type Vector = Readonly<{ getHoldingRegister(address: number, unit: number): number }>;
type Serial = Readonly<{ close(done: () => void): void }>;
type ModbusModule = Readonly<{
  ServerTCP: new (vector: Vector, options: object) => Serial;
  ServerSerial: new (vector: Vector, options: object, port?: object) => Serial;
}>;
const require = createRequire(import.meta.url);
const { ServerTCP, ServerSerial }: ModbusModule = require('modbus-serial');

const folder = mkdtempSync(join(tmpdir(), 'modbus-'));
after(() => rmSync(folder, { recursive: true }));

/** The temperature is 41.5, the current 3.5 as a float. */
const REGISTERS: Readonly<Record<number, number>> = { 5200: 4150, 5201: 0x4060, 5202: 0 };
const vector: Vector = {
  getHoldingRegister: (address, unit) => (REGISTERS[address] ?? 0) + (address === 5200 ? unit : 0),
};

const read = (modbus: object) => {
  const mapping = mappingOf({
    modbus: { timeoutMs: 2000, ...modbus },
    periodMs: 100,
    sensors: {
      rVibration_Temp: { from: 'holding 5200', scale: 0.01 },
      wRMSCurrent: { from: 'holding 5201', type: 'float32' },
    },
  });
  assert.ok(mapping.modbus !== undefined);
  const parts = { mapping, modbus: mapping.modbus, now: Date.now, wait: pause };
  return readSource((onEvent, signal) => modbusSource({ ...parts, onEvent, signal }));
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

test('a server of Modbus TCP by another hand is read', async () => {
  const port = await freePort();
  const server = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 1 });
  await using reading = read({ host: '127.0.0.1', port, devices: [{ cylinder: 'press-1', unit: 1 }] });
  await reading.until(() => reading.samples.length > 1);
  assert.deepEqual(reading.samples[0]?.values, [41.51, null, null, 3.5, null, null]);
  await new Promise<void>((resolve) => server.close(resolve));
});

/** Two ends of a serial line. */
const startLine = async (
  name: string,
): Promise<Readonly<{ near: string; far: string; line: ChildProcess }>> => {
  const [near, far] = [join(folder, `${name}-near`), join(folder, `${name}-far`)];
  const line = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], {
    stdio: 'ignore',
  });
  while (!existsSync(near) || !existsSync(far)) await sleep(20);
  return { near, far, line };
};

test('units of a serial line are read; one that is not there stops no other, nor does the end of the line end the source', async () => {
  const first = await startLine('line');
  const server = new ServerSerial(vector, {
    path: first.far,
    baudRate: 19_200,
    parity: 'none',
    unitID: 1,
    interval: 5,
  });
  await using reading = read({
    serial: { path: first.near, parity: 'none' },
    timeoutMs: 300,
    devices: [
      { cylinder: 'press-7', unit: 7 },
      { cylinder: 'press-1', unit: 1 },
    ],
  });
  await reading.until(() => reading.samples.length > 2);
  assert.deepEqual([...new Set(reading.samples.map(({ cylinder }) => cylinder))], ['press-1']);
  assert.deepEqual(reading.samples[0]?.values, [41.51, null, null, 3.5, null, null]);
  assert.ok(
    reading.events.includes('modbus: unit 7 (press-7): holding 5200 to 5202: no answer within 300 ms'),
    `${reading.events}`,
  );
  first.line.kill();
  const before = reading.events.length;
  await reading.until(() => reading.events.slice(before).some((event) => !/no answer/.test(event)));
  assert.equal(typeof server, 'object');
  const second = await startLine('line');
  const again = new ServerSerial(vector, {
    path: second.far,
    baudRate: 19_200,
    parity: 'none',
    unitID: 1,
    interval: 5,
  });
  const count = reading.samples.length;
  await reading.until(() => reading.samples.length > count);
  await new Promise<void>((resolve) => again.close(resolve));
  second.line.kill();
});
