import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMapping } from '../../../domain/mapping/mapping.ts';
import { createModbusClient } from '../../../edge/sources/modbus/modbus-client.ts';
import { openLink } from '../../../edge/sources/modbus/modbus-link.ts';
import { decodeRegisters, modbusSource } from '../../../edge/sources/modbus/modbus-source.ts';
import type { SourceEvent } from '../../../edge/sources/source.ts';
import { startModbusServer, type UnitAnswer } from './modbus-server.ts';

const NOW = 1_763_800_000_000;

const SENSORS = {
  rVibration_Temp: { from: 'holding 5200', type: 'int16', scale: 0.01 },
  rVibration_Z_RMS_Velocity: { from: 'holding 5202', scale: 0.001 },
  wRMSCurrent: { from: 'input 0', type: 'float32', order: 'CDAB' },
};

const mappingOf = (port: number, units: readonly number[], timeoutMs = 5000) => {
  const devices = units.map((unit) => ({ cylinder: `press-${unit}`, unit }));
  const reading = readMapping({ modbus: { host: '127.0.0.1', port, timeoutMs, devices }, sensors: SENSORS });
  assert.ok(reading.ok, reading.ok ? '' : JSON.stringify(reading.faults));
  assert.ok(reading.mapping.modbus !== undefined);
  return { mapping: reading.mapping, modbus: reading.mapping.modbus };
};

/** What a source gives in so many rounds; `between` is what happens after each. */
const poll = async (
  mapped: ReturnType<typeof mappingOf>,
  rounds: number,
  between: (round: number) => void | Promise<void> = () => {},
) => {
  const [ending, events] = [new AbortController(), [] as SourceEvent[]];
  let round = 0;
  const wait = async (): Promise<void> => {
    round += 1;
    await between(round);
    if (round === rounds) ending.abort();
  };
  const onEvent = (event: SourceEvent) => events.push(event);
  const source = modbusSource({ ...mapped, now: () => NOW, wait, onEvent, signal: ending.signal });
  const samples: string[] = [];
  for await (const batch of source)
    samples.push(...batch.map(({ cylinder, t, values }) => `${cylinder} ${t - NOW} ${values.join(',')}`));
  return { samples, faults: events.map(({ message }) => message) };
};

// 3.5 as a float is 0x40600000.
const healthy = (unit: number, code: number, _: number, count: number): UnitAnswer =>
  code === 3 ? [4150, 0, 2000 + unit].slice(0, count) : [0x0000, 0x4060].slice(0, count);

test('registers near each other are read at once, and become the values that the map makes of them', async () => {
  await using server = await startModbusServer(healthy);
  const { samples, faults } = await poll(mappingOf(server.port, [1, 2]), 1);
  assert.deepEqual(samples, ['press-1 0 41.5,2.001,,3.5,,', 'press-2 0 41.5,2.002,,3.5,,']);
  assert.deepEqual(server.requests, ['1 3 5200+3', '1 4 0+2', '2 3 5200+3', '2 4 0+2']);
  assert.deepEqual(faults, []);
});

test('an exception of one unit is told, costs what it is about, and stops no other', async () => {
  await using server = await startModbusServer((unit, code, start, count) =>
    unit === 1 && code === 4 ? { exception: 2 } : healthy(unit, code, start, count),
  );
  const { samples, faults } = await poll(mappingOf(server.port, [1, 2]), 1);
  assert.deepEqual(samples, ['press-1 0 41.5,2.001,,,,', 'press-2 0 41.5,2.002,,3.5,,']);
  assert.deepEqual(faults, ['unit 1 (press-1): input 0 to 1: exception 2: it has no such register']);
});

test('a unit that is silent gives no sample and stops no other, and its late answer is nobody’s', async () => {
  await using server = await startModbusServer((unit, code, start, count) =>
    unit === 1 ? null : healthy(unit, code, start, count),
  );
  const { samples, faults } = await poll(mappingOf(server.port, [1, 2], 1500), 1);
  assert.deepEqual(samples, ['press-2 0 41.5,2.002,,3.5,,']);
  assert.deepEqual(faults, ['unit 1 (press-1): holding 5200 to 5202: no answer within 1500 ms']);
});

test('what does not speak Modbus, and what answers something else, is told and not read', async () => {
  await using http = await startModbusServer(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const strange = await poll(mappingOf(http.port, [1]), 1);
  assert.deepEqual(strange.samples, []);
  assert.match(strange.faults[0] ?? '', /^it does not speak Modbus; no device behind it is read$/);
  await using short = await startModbusServer(() => [1]);
  assert.match((await poll(mappingOf(short.port, [1]), 1)).faults[0] ?? '', /it answered something else/);
});

test('where nothing listens that is said once a round, not of each unit', async () => {
  const closed = await startModbusServer(healthy);
  await closed[Symbol.asyncDispose]();
  const { samples, faults } = await poll(mappingOf(closed.port, [1, 2, 3]), 2);
  assert.deepEqual(samples, []);
  const said = 'nothing listens at this port (connection refused); no device behind it is read';
  assert.deepEqual(faults, [said, said]);
});

test('a connection that is cut is opened again after a back-off, and no earlier', async () => {
  await using server = await startModbusServer(healthy);
  let now = 0;
  const client = createModbusClient(await openLink({ ...mappingOf(server.port, [1]).modbus }), () => now);
  assert.equal((await client.read(1, 'holding', 5200, 3)).ok, true);
  const cut = client.read(1, 'holding', 9, 1);
  server.cut();
  await cut;
  while ((await client.read(1, 'holding', 5200, 3)).ok) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await client.read(1, 'holding', 5200, 3)).ok, false);
  now += 1000;
  assert.equal((await client.read(1, 'holding', 5200, 3)).ok, true);
  client.close();
});

test('numbers stand in registers in four orders of their bytes', () => {
  const cases: readonly (readonly [
    string,
    Parameters<typeof decodeRegisters>[1],
    'ABCD' | 'CDAB' | 'BADC' | 'DCBA',
    number,
  ])[] = [
    ['40600000', 'float32', 'ABCD', 3.5],
    ['00004060', 'float32', 'CDAB', 3.5],
    ['60400000', 'float32', 'BADC', 3.5],
    ['00006040', 'float32', 'DCBA', 3.5],
    ['00012345', 'uint32', 'ABCD', 0x12345],
    ['fffffffe', 'int32', 'ABCD', -2],
    ['fffe', 'int16', 'ABCD', -2],
    ['fffe', 'uint16', 'ABCD', 65_534],
    ['3412', 'uint16', 'BADC', 0x1234],
  ];
  for (const [hex, type, order, expected] of cases)
    assert.equal(decodeRegisters(Buffer.from(hex, 'hex'), type, order), expected, `${hex} ${type} ${order}`);
});

test('another unit of a cylinder is read by its name; one that is silent takes no value of the other with it', async () => {
  const read = (units: object) =>
    readMapping({
      modbus: {
        host: '127.0.0.1',
        port: 1,
        timeoutMs: 50,
        devices: [{ cylinder: 'press-1', unit: 1, units }],
      },
      sensors: { ...SENSORS, wEncoderVelocity: 'drive holding 5202' },
    });
  const missing = read({ motor: 7 });
  assert.deepEqual(missing.ok ? [] : missing.faults, [
    { field: 'modbus.devices.0.units', message: 'must say which unit "drive" is' },
  ]);
  const reading = read({ drive: 7 });
  assert.ok(reading.ok && reading.mapping.modbus !== undefined);
  await using server = await startModbusServer((unit, ...rest) =>
    unit === 7 ? null : healthy(unit, ...rest),
  );
  const modbus = { ...reading.mapping.modbus, port: server.port };
  const { samples, faults } = await poll({ mapping: reading.mapping, modbus }, 1);
  assert.deepEqual(samples, ['press-1 0 41.5,2.001,,3.5,,']);
  assert.deepEqual(faults, ['unit 7 (press-1): holding 5202 to 5202: no answer within 50 ms']);
});
