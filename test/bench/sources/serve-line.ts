import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import * as v from 'valibot';
import { startOpcuaLine } from '../../sources/opcua-server.ts';
import { answer } from '../processes/answer.ts';
import {
  CYLINDER_NAMES,
  deviceTopic,
  FIRST_REGISTER,
  PERIOD_MS,
  PLACE_NAMES,
  rawValues,
  SOURCE_KINDS,
  type SourceKind,
  SPARKPLUG_GROUP,
  SPARKPLUG_NODE,
} from './line-map.ts';

/** A line of a hundred cylinders whose values change each second: as a server, or as a publisher at brokers. */
const options = v.object({ kind: v.picklist(SOURCE_KINDS), brokers: v.array(v.number()) });
const { kind, brokers } = v.parse(options, JSON.parse(process.argv[2] ?? ''));
const require = createRequire(new URL('../../sources/package.json', import.meta.url));

type ModbusModule = Readonly<{ ServerTCP: new (vector: object, options: object) => object }>;
type Tahu = Readonly<{ get(namespace: string): Readonly<{ encodePayload(payload: object): Uint8Array }> }>;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Spreads the cylinders over each second, as devices that know nothing of each other are. */
const eachSecond = (say: (cylinder: string, values: readonly number[]) => void): void => {
  const began = performance.now();
  let said = 0;
  setInterval(() => {
    const due = ((performance.now() - began) * CYLINDER_NAMES.length) / PERIOD_MS;
    for (; said < due; said += 1) {
      const index = said % CYLINDER_NAMES.length;
      say(CYLINDER_NAMES[index] ?? '', rawValues(index, Math.floor(said / CYLINDER_NAMES.length)));
    }
  }, 20);
};

const connectAll = (): Promise<readonly MqttClient[]> =>
  Promise.all(brokers.map((port) => mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)));

const serveModbus = async (): Promise<number> => {
  const { ServerTCP }: ModbusModule = require('modbus-serial');
  const port = await freePort();
  const second = (): number => Math.floor(Date.now() / PERIOD_MS);
  const getHoldingRegister = (address: number, unit: number): number =>
    rawValues(unit - 1, second())[address - FIRST_REGISTER] ?? 0;
  new ServerTCP({ getHoldingRegister }, { host: '127.0.0.1', port });
  return port;
};

const serveOpcua = async (): Promise<number> => {
  const port = await freePort();
  const line = await startOpcuaLine({ port, presses: CYLINDER_NAMES, names: PLACE_NAMES });
  eachSecond((cylinder, values) => {
    const t = Date.now();
    for (const [index, name] of PLACE_NAMES.entries()) line.set(`${cylinder}.${name}`, values[index] ?? 0, t);
  });
  return port;
};

/** The encoder leaves an alias of 0 out. */
const aliasOf = (device: number, index: number): number => 10 * device + index + 1;

const publishSparkplug = async (): Promise<number> => {
  const tahu: Tahu = require('sparkplug-payload');
  const { encodePayload } = tahu.get('spBv1.0');
  const clients = await connectAll();
  let seq = 0;
  const send = (type: string, device: string, metrics: readonly object[]): void => {
    const topic = `spBv1.0/${SPARKPLUG_GROUP}/${type}/${SPARKPLUG_NODE}${device}`;
    const body = Buffer.from(encodePayload({ timestamp: Date.now(), seq, metrics }));
    seq = (seq + 1) % 256;
    for (const client of clients) client.publish(topic, body);
  };
  const born = (): void => {
    seq = 0;
    send('NBIRTH', '', [{ name: 'bdSeq', value: 0, type: 'UInt64' }]);
    for (const [device, cylinder] of CYLINDER_NAMES.entries())
      send(
        'DBIRTH',
        `/${cylinder}`,
        PLACE_NAMES.map((name, index) => ({
          name,
          alias: aliasOf(device, index),
          value: rawValues(device, 0)[index],
          type: 'Double',
        })),
      );
  };
  for (const client of clients) {
    client.on('message', born);
    await client.subscribeAsync(`spBv1.0/${SPARKPLUG_GROUP}/NCMD/${SPARKPLUG_NODE}`);
  }
  born();
  eachSecond((cylinder, values) =>
    send(
      'DDATA',
      `/${cylinder}`,
      values.map((value, index) => ({
        alias: aliasOf(CYLINDER_NAMES.indexOf(cylinder), index),
        value,
        type: 'Double',
        timestamp: Date.now(),
      })),
    ),
  );
  return brokers[0] ?? 0;
};

const publishJson = async (): Promise<number> => {
  const clients = await connectAll();
  eachSecond((cylinder, values) => {
    const of = Object.fromEntries(PLACE_NAMES.map((name, index) => [name, values[index]]));
    const body = JSON.stringify({
      Time: new Date().toISOString(),
      Values: of,
      Status: { ok: true, rssi: -61 },
    });
    for (const client of clients) client.publish(deviceTopic(cylinder), body, { qos: 1 });
  });
  return brokers[0] ?? 0;
};

const SERVERS: Readonly<Record<SourceKind, () => Promise<number>>> = {
  modbus: serveModbus,
  opcua: serveOpcua,
  sparkplug: publishSparkplug,
  mqtt: publishJson,
};

const port = SERVERS[kind]();
answer({ port: () => port });
