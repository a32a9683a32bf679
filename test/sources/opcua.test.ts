import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { opcuaSource } from '../../edge/sources/opcua/opcua-source.ts';
import { pause } from '../../edge/timing/timing.ts';
import { startCutProxy } from '../edge/publisher/cut-proxy.ts';
import { startOpcuaLine } from './opcua-server.ts';
import { mappingOf, readSource } from './read-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'opcua-'));
after(() => rmSync(folder, { recursive: true }));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const NODES = {
  rVibration_Temp: { from: 'nsu=urn:test:line;s={at}.Temp', unit: '°F' },
  wRMSCurrent: 'nsu=urn:test:line;s={at}.Current',
};
const NAMES = ['Temp', 'Current'];

const read = (port: number, opcua: object = {}, map: object = {}) => {
  const mapping = mappingOf({
    opcua: {
      url: `opc.tcp://127.0.0.1:${port}`,
      pki: join(folder, 'pki'),
      devices: [{ cylinder: 'press-1', at: 'Press1' }],
      ...opcua,
    },
    periodMs: 200,
    sensors: NODES,
    ...map,
  });
  assert.ok(mapping.opcua !== undefined);
  const parts = { mapping, opcua: mapping.opcua, now: Date.now, wait: pause };
  return readSource((onEvent, signal) => opcuaSource({ ...parts, onEvent, signal }));
};

const ONE = { presses: ['Press1'], names: NAMES };

test('values come with their source’s times, hold while they do not change, and are none where their status is bad', async () => {
  const port = await freePort();
  await using line = await startOpcuaLine({ ...ONE, port });
  await using reading = read(port);
  await reading.until(() => reading.samples.length > 2);
  const t = Date.now();
  line.set('Press1.Temp', 212, t);
  line.set('Press1.Current', 3.5, t + 1);
  await reading.until(() => reading.samples.some(({ values }) => values[0] === 100));
  const first = reading.samples.find(({ values }) => values[0] === 100);
  assert.deepEqual(
    [first?.cylinder, (first?.t ?? 0) - t, first?.values],
    ['press-1', 1, [100, null, null, 3.5, null, null]],
  );
  const before = reading.samples.length;
  await reading.until(() => reading.samples.length > before + 2);
  assert.equal(reading.samples.at(-1)?.values[0], 100);
  line.set('Press1.Temp', 32, Date.now(), 'BadSensorFailure');
  await reading.until(() => reading.samples.at(-1)?.values[0] === null);
  assert.equal(reading.samples.at(-1)?.values[3], 3.5);
  assert.ok(
    reading.events.includes('status: press-1: nsu=urn:test:line;s=Press1.Temp: BadSensorFailure'),
    `${reading.events}`,
  );
  line.set('Press1.Temp', 32, Date.now(), 'UncertainLastUsableValue');
  await reading.until(() => reading.events.some((event) => event.endsWith('UncertainLastUsableValue')));
  assert.equal(reading.samples.at(-1)?.values[0], null);
});

test('a node and a namespace that a server does not have are said, and cost no other', async () => {
  const port = await freePort();
  await using line = await startOpcuaLine({ ...ONE, port });
  await using reading = read(
    port,
    {},
    {
      sensors: {
        ...NODES,
        wCurrentLoad: 'nsu=urn:test:line;s={at}.Load',
        wEncoderVelocity: 'nsu=urn:other;i=7',
      },
    },
  );
  line.set('Press1.Current', 2);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 2));
  assert.ok(reading.events.includes('node: press-1: nsu=urn:test:line;s=Press1.Load: it has no such node'));
  const other = reading.events.find((event) => event.includes('nsu=urn:other;i=7'));
  assert.match(other ?? '', /it has no such namespace, but .*urn:test:line/);
});

test('what changes while the connection is cut is kept by the server and comes with its own times', async () => {
  const port = await freePort();
  await using line = await startOpcuaLine({ ...ONE, port });
  await using proxy = await startCutProxy(port);
  await using reading = read(proxy.port);
  line.set('Press1.Current', 1);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 1));
  proxy.set('drop');
  await reading.until(() => reading.events.some((event) => event.includes('the connection is lost')));
  const sent: number[] = [];
  // A server looks at a value once a period, and samples are a period apart: each value holds for longer than that.
  for (let value = 101; value <= 110; value++) {
    line.set('Press1.Current', value);
    sent.push(value);
    await sleep(500);
  }
  proxy.set('pass');
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 110));
  const got = reading.samples.map(({ values }) => values[3]);
  assert.deepEqual(
    sent.filter((value) => !got.includes(value)),
    [],
  );
  const times = reading.samples.map(({ t }) => t);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  await reading.until(() => reading.events.some((event) => event.startsWith('well: connected again')));
});

test('a server that comes back with other namespace indices is read by the names, and nothing wrong is taken meanwhile', async () => {
  const port = await freePort();
  await using first = await startOpcuaLine({ ...ONE, port });
  await using reading = read(port);
  first.set('Press1.Current', 1);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 1));
  await first.stop();
  const before = reading.samples.length;
  // Under the old index there is now a node of the same name that is another's.
  await using second = await startOpcuaLine({ ...ONE, port, namespacesBefore: ['urn:another', 'urn:third'] });
  second.set('Press1.Current', 2);
  await reading.until(() => reading.samples.at(-1)?.values[3] === 2);
  assert.deepEqual(
    [...new Set(reading.samples.slice(before).map(({ values }) => values[3]))].filter(
      (value) => value !== 0 && value !== 1,
    ),
    [2],
  );
});

test('a server that is not there yet is waited for', async () => {
  const port = await freePort();
  await using reading = read(port);
  await reading.until(() => reading.events.some((event) => event.includes('it cannot be reached')));
  await using line = await startOpcuaLine({ ...ONE, port });
  line.set('Press1.Current', 5);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 5));
});

test('a user logs in by a password over a signed and encrypted channel, once both sides trust each other', async () => {
  const port = await freePort();
  const isValidUser = (name: string, password: string) => name === 'line' && password === 'right';
  await using line = await startOpcuaLine({
    ...ONE,
    port,
    server: { userManager: { isValidUser }, allowAnonymous: false },
  });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'right\n');
  const pki = join(folder, 'strict');
  const opcua = { security: 'Basic256Sha256', pki, user: { name: 'line', passwordFile } };
  await using reading = read(port, opcua);
  await reading.until(() =>
    reading.events.some((event) => /its certificate is not trusted: look at it in .*rejected/.test(event)),
  );
  assert.equal(reading.samples.length, 0);
  for (const file of readdirSync(join(pki, 'rejected')))
    renameSync(join(pki, 'rejected', file), join(pki, 'trusted/certs', file));
  line.set('Press1.Current', 6);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 6));
});

test('a wrong password, no user, and a security that a server does not have are each said', async () => {
  const port = await freePort();
  const isValidUser = (name: string, password: string) => name === 'line' && password === 'right';
  await using _ = await startOpcuaLine({
    ...ONE,
    port,
    server: { userManager: { isValidUser }, allowAnonymous: false },
  });
  const passwordFile = join(folder, 'wrong');
  writeFileSync(passwordFile, 'wrong\n');
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ user: { name: 'line', passwordFile } }, /it refuses the user or the password/],
    [{}, /it lets nobody in without a user/],
    [{ security: 'Basic256' }, /it has no endpoint with security Basic256/],
  ];
  for (const [opcua, expected] of cases) {
    await using reading = read(port, opcua);
    await reading.until(() => reading.events.length > 0);
    assert.match(reading.events[0] ?? '', expected);
  }
});
