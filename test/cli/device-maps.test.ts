import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMapping } from '../../domain/mapping/mapping.ts';
import { modbusSource } from '../../edge/sources/modbus/modbus-source.ts';
import type { SourceSample } from '../../edge/sources/source.ts';
import { startModbusServer, type UnitAnswer } from '../edge/sources/modbus-server.ts';
import { runSentinel } from './run-sentinel.ts';

const FOLDER = new URL('../../docs/maps/', import.meta.url).pathname;

/** Registers as the devices' tables encode them, each with a value that a wrong type, scale or place would show. */
const SENSOR: Readonly<Record<number, number>> = {
  5200: 909, // Z, in/s × 10,000
  5201: 2310, // Z, mm/s × 1000
  5202: 2278, // °F × 100
  5203: 0x1_0000 - 512, // °C × 100, signed
  5204: 756, // X, in/s × 10,000
  5205: 1920, // X, mm/s × 1000
};
const DRIVE: Readonly<Record<number, number>> = {
  12291: 400, // output voltage, V
  12292: 34, // output current, A × 10
  12293: 1180, // speed, RPM
  12294: 900, // output power, % × 10
  12295: 0x1_0000 - 410, // output torque, % × 10, signed
};

const answer = (unit: number, code: number, start: number, count: number): UnitAnswer => {
  const registers = unit > 10 ? DRIVE : SENSOR;
  const asked = Array.from({ length: count }, (_, index) => registers[start + index]);
  return code === 3 && asked.every((value) => value !== undefined) ? asked : { exception: 2 };
};

const pollOnce = async (map: unknown, port: number) => {
  const reading = readMapping(map);
  assert.ok(reading.ok && reading.mapping.modbus !== undefined);
  const ending = new AbortController();
  const faults: string[] = [];
  const samples: SourceSample[] = [];
  const source = modbusSource({
    mapping: reading.mapping,
    modbus: { ...reading.mapping.modbus, host: '127.0.0.1', port, timeoutMs: 5000 },
    now: () => 1_763_800_000_000,
    wait: () => Promise.resolve(ending.abort()),
    onEvent: ({ message }) => faults.push(message),
    signal: ending.signal,
  });
  for await (const batch of source) samples.push(...batch);
  return { faults, values: samples.map(({ cylinder, values }) => [cylinder, ...values]) };
};

const VIBRATION = [-5.12, 2.31, 1.92];
const MOTOR = [3.4, -41, 1180];
const NONE = [null, null, null];

const EXPECTED: Readonly<Record<string, readonly (readonly (string | number | null)[])[]>> = {
  'banner-qm30vt2.json': [['press-1', ...VIBRATION, ...NONE]],
  'invt-goodrive.json': [['press-1', ...NONE, ...MOTOR]],
  'sensor-and-drive.json': [
    ['press-1', ...VIBRATION, ...MOTOR],
    ['press-2', ...VIBRATION, ...MOTOR],
  ],
};

test('there is no map of a device whose values nobody has checked', () => {
  assert.deepEqual(readdirSync(FOLDER).toSorted(), Object.keys(EXPECTED));
});

for (const [file, expected] of Object.entries(EXPECTED)) {
  test(`docs/maps/${file} is good, and makes the right values of what the device's registers hold`, async () => {
    const { code, out } = await runSentinel(['source', 'check', '--map', join(FOLDER, file)]);
    assert.deepEqual([code, out.trim()], [0, `${join(FOLDER, file)}: good`]);
    await using server = await startModbusServer(answer);
    const map: unknown = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
    const { faults, values } = await pollOnce(map, server.port);
    assert.deepEqual(faults, []);
    const near = values.map((row) =>
      row.map((cell) => (typeof cell === 'number' ? Number(cell.toFixed(6)) : cell)),
    );
    assert.deepEqual(near, expected);
  });
}

test('a drive that is silent costs its own values alone', async () => {
  await using server = await startModbusServer((unit, code, start, count) =>
    unit === 11 ? { exception: 11 } : answer(unit, code, start, count),
  );
  const map: unknown = JSON.parse(readFileSync(join(FOLDER, 'sensor-and-drive.json'), 'utf8'));
  const { faults, values } = await pollOnce(map, server.port);
  assert.deepEqual(faults, [
    'unit 11 (press-1): holding 12292 to 12295: exception 11: it does not answer its gateway',
  ]);
  assert.deepEqual(values[0]?.slice(4), NONE);
  assert.equal(values[1]?.[4], 3.4);
});
