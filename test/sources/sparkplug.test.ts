import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import mqtt, { type MqttClient } from 'mqtt';
import { sparkplugSource } from '../../edge/sources/sparkplug/sparkplug-source.ts';
import { noMosquitto, startMosquitto } from '../edge/publisher/mosquitto.ts';
import { mappingOf, readSource } from './read-source.ts';

/** Of Eclipse Tahu, the reference of Sparkplug B: an encoder that is not ours. */
type Tahu = Readonly<{
  get(namespace: string): Readonly<{
    encodePayload(payload: object): Uint8Array;
    decodePayload(bytes: Uint8Array): { metrics: { name: string; value: unknown }[] };
  }>;
}>;
const require = createRequire(import.meta.url);
const { get }: Tahu = require('sparkplug-payload');
const { encodePayload, decodePayload } = get('spBv1.0');

const folder = mkdtempSync(join(tmpdir(), 'sparkplug-'));
after(() => rmSync(folder, { recursive: true }));

type Given = Readonly<{
  name?: string;
  alias?: number;
  value: unknown;
  type?: string;
  timestamp?: number;
  isHistorical?: boolean;
  isNull?: boolean;
  properties?: object;
}>;

/** An edge node of the group `plant` with one device, which it tells by alias after its birth. */
const startNode = async (port: number) => {
  const client: MqttClient = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  const commands: string[] = [];
  await client.subscribeAsync('spBv1.0/plant/NCMD/line1');
  client.on('message', (_, body) =>
    commands.push(...decodePayload(body).metrics.map(({ name, value }) => `${name} ${value}`)),
  );
  let seq = 0;
  const send = async (kind: string, device: string, metrics: readonly Given[], t = Date.now()) => {
    const all = metrics.map((metric) => ({ type: 'Double', timestamp: t, ...metric }));
    const body = encodePayload({ timestamp: t, seq, metrics: all });
    seq = (seq + 1) % 256;
    await client.publishAsync(
      `spBv1.0/plant/${kind}/line1${device === '' ? '' : `/${device}`}`,
      Buffer.from(body),
    );
  };
  return {
    commands,
    client,
    send,
    skip: () => {
      seq = (seq + 1) % 256;
    },
    async birth(values: readonly unknown[], bdSeq = 0) {
      seq = 0;
      await send('NBIRTH', '', [{ name: 'bdSeq', value: bdSeq, type: 'UInt64' }]);
      await send('DBIRTH', 'press-1', [
        { name: 'Vibration/Temp', alias: 7, value: values[0], type: 'Int16' },
        { name: 'Drive/Current', alias: 8, value: values[1] },
      ]);
    },
    death: (bdSeq: number) =>
      client.publishAsync(
        'spBv1.0/plant/NDEATH/line1',
        Buffer.from(
          encodePayload({
            timestamp: Date.now(),
            metrics: [{ name: 'bdSeq', value: bdSeq, type: 'UInt64' }],
          }),
        ),
      ),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
};

const read = (port: number, sparkplug: object = {}) => {
  const mapping = mappingOf({
    sparkplug: { broker: `mqtt://127.0.0.1:${port}`, group: 'plant', ...sparkplug },
    periodMs: 200,
    sensors: { rVibration_Temp: 'Vibration/Temp', wRMSCurrent: 'Drive/Current' },
  });
  assert.ok(mapping.sparkplug !== undefined);
  const parts = { mapping, sparkplug: mapping.sparkplug, now: Date.now };
  return readSource((onEvent, signal) => sparkplugSource({ ...parts, onEvent, signal }));
};

const heard = (client: MqttClient): Promise<string> =>
  new Promise((resolve) => void client.once('message', (_, body) => resolve(String(body))));

const connected = (reading: ReturnType<typeof read>) =>
  reading.until(() => reading.events.includes('well: connected'));
const last = (reading: ReturnType<typeof read>) => reading.samples.at(-1)?.values;

test('births, data by alias, null and bad quality become samples, and what is not said again holds', {
  skip: noMosquitto,
}, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await using reading = read(broker.port);
  await connected(reading);
  await node.birth([-5, 1.5]);
  await reading.until(() => reading.samples.length > 2);
  assert.equal(reading.samples[0]?.cylinder, 'press-1');
  assert.deepEqual(last(reading), [-5, null, null, 1.5, null, null]);
  const t = Date.now();
  await node.send('DDATA', 'press-1', [{ alias: 8, value: 2.5 }], t);
  await reading.until(() => last(reading)?.[3] === 2.5);
  assert.equal(reading.samples.find(({ values }) => values[3] === 2.5)?.t, t);
  await node.send('DDATA', 'press-1', [{ alias: 7, value: null, isNull: true, type: 'Int16' }]);
  await reading.until(() => last(reading)?.[0] === null);
  assert.equal(last(reading)?.[3], 2.5);
});

test('what was stored at the node comes with its own times, and does not change what holds', {
  skip: noMosquitto,
}, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await using reading = read(broker.port);
  await connected(reading);
  await node.birth([40, 1]);
  await reading.until(() => reading.samples.length > 0);
  const t = Date.now() - 60_000;
  await node.send(
    'DDATA',
    'press-1',
    [0, 1, 2].map((index) => ({
      alias: 8,
      value: 100 + index,
      timestamp: t + 1000 * index,
      isHistorical: true,
    })),
  );
  await reading.until(() => reading.samples.filter(({ values }) => (values[3] ?? 0) >= 100).length === 3);
  const old = reading.samples.filter(({ values }) => (values[3] ?? 0) >= 100);
  assert.deepEqual(
    old.map((one) => [one.t - t, one.values[3]]),
    [
      [0, 100],
      [1000, 101],
      [2000, 102],
    ],
  );
  const before = reading.samples.length;
  await reading.until(() => reading.samples.length > before);
  assert.equal(last(reading)?.[3], 1);
});

test('a death is silence, one of the connection before is none, and a birth begins anew', {
  skip: noMosquitto,
}, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await using reading = read(broker.port);
  await connected(reading);
  await node.birth([40, 1], 5);
  await reading.until(() => reading.samples.length > 0);
  await node.death(4);
  await node.send('DDATA', 'press-1', [{ alias: 8, value: 2 }]);
  await reading.until(() => last(reading)?.[3] === 2);
  await node.death(5);
  await reading.until(() => reading.events.includes('death: plant/line1 is offline'));
  const count = reading.samples.length;
  await node.birth([41, 3], 6);
  await reading.until(() => reading.samples.length > count);
  assert.deepEqual(last(reading), [41, null, null, 3, null, null]);
});

test('a gap in the sequence, and data of a node whose birth was not heard, ask for a birth', {
  skip: noMosquitto,
}, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await node.birth([40, 1]);
  await using reading = read(broker.port, { host: 'sentinel' });
  await connected(reading);
  await node.send('DDATA', 'press-1', [{ alias: 8, value: 2 }]);
  if (node.commands.length === 0) await heard(node.client);
  assert.deepEqual(node.commands, ['Node Control/Rebirth true']);
  assert.equal(reading.samples.length, 0);
  await node.birth([40, 2]);
  await reading.until(() => last(reading)?.[3] === 2);
  node.skip();
  const asked = heard(node.client);
  await node.send('DDATA', 'press-1', [{ alias: 8, value: 9 }]);
  await asked;
  assert.equal(node.commands.length, 2);
  // The temperature may have been in what is missing.
  await reading.until(() => last(reading)?.[3] === 9);
  assert.equal(last(reading)?.[0], null);
  const watcher = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const state = heard(watcher);
  await watcher.subscribeAsync('spBv1.0/STATE/sentinel');
  const body = await state;
  assert.equal(JSON.parse(body).online, true);
  await watcher.endAsync();
});

test('what is no payload of Sparkplug is told, and stops nothing', { skip: noMosquitto }, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await using reading = read(broker.port);
  await connected(reading);
  await node.client.publishAsync('spBv1.0/plant/DDATA/line1/press-1', '{"temp": 1}');
  await reading.until(() => reading.events.some((event) => event.startsWith('payload: ')));
  await node.birth([40, 1]);
  await reading.until(() => reading.samples.length > 0);
});

test('a metric that its birth does not explain is asked about once, not after each birth', {
  skip: noMosquitto,
}, async () => {
  await using broker = await startMosquitto(folder);
  await using node = await startNode(broker.port);
  await using reading = read(broker.port);
  await connected(reading);
  await node.birth([40, 1]);
  for (let count = 0; count < 3; count++) {
    // The encoder of Tahu leaves out an alias of 0.
    await node.send('DDATA', 'press-1', [{ alias: 0, value: 2 }]);
    await node.birth([40, 2 + count]);
  }
  await reading.until(() => last(reading)?.[3] === 4);
  const asked = reading.events.filter((event) => event.includes('neither a name nor an alias'));
  assert.equal(asked.length, 1);
  assert.equal(node.commands.length, 1);
});
