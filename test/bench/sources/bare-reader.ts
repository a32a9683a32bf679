import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { loadDriver } from '../../../edge/drivers/driver.ts';
import { answer } from '../processes/answer.ts';
import { usage } from '../processes/usage.ts';
import {
  CYLINDER_NAMES,
  deviceTopic,
  FIRST_REGISTER,
  OPCUA_NAMESPACE,
  PERIOD_MS,
  PLACE_NAMES,
  SOURCE_KINDS,
  type SourceKind,
  SPARKPLUG_GROUP,
} from './line-map.ts';

/** The same line read by the library that one would take, as its documentation shows it, without a mapping. */
const options = v.object({ kind: v.picklist(SOURCE_KINDS), port: v.number() });
const { kind, port } = v.parse(options, JSON.parse(process.argv[2] ?? ''));
const require = createRequire(new URL('../../sources/package.json', import.meta.url));

/** Of single values; six are a sample. */
let values = 0;

type ModbusClient = Readonly<{
  connectTCP(host: string, options: object): Promise<void>;
  setID(unit: number): void;
  readHoldingRegisters(start: number, count: number): Promise<Readonly<{ data: readonly number[] }>>;
}>;

/** https://github.com/yaacov/node-modbus-serial: examples/polling_TCP.js */
const readModbus = async (): Promise<void> => {
  const ModbusRTU: new () => ModbusClient = require('modbus-serial');
  const client = new ModbusRTU();
  await client.connectTCP('127.0.0.1', { port });
  for (;;) {
    const began = performance.now();
    for (const index of CYLINDER_NAMES.keys()) {
      client.setID(index + 1);
      const { data } = await client.readHoldingRegisters(FIRST_REGISTER, PLACE_NAMES.length);
      values += data.length;
    }
    await delay(Math.max(0, PERIOD_MS - (performance.now() - began)));
  }
};

type OpcuaClient = Readonly<{
  connect(url: string): Promise<void>;
  createSession(): Promise<
    Readonly<{
      createSubscription2(options: object): Promise<object>;
      readNamespaceArray(): Promise<readonly string[]>;
    }>
  >;
}>;
type OpcuaModule = Readonly<{
  OPCUAClient: Readonly<{ create(options: object): OpcuaClient }>;
  ClientMonitoredItemGroup: Readonly<{
    create(
      subscription: object,
      items: readonly object[],
      parameters: object,
      timestamps: number,
    ): Readonly<{ on(event: 'changed', listener: () => void): void }>;
  }>;
}>;
const isOpcua = (module: unknown): module is OpcuaModule =>
  typeof module === 'object' && module !== null && 'ClientMonitoredItemGroup' in module;

const VALUE = 13;
const BOTH_TIMES = 2;

/** https://github.com/node-opcua/node-opcua/blob/master/documentation/creating_a_client_typescript.md */
const readOpcua = async (): Promise<void> => {
  const opcua = await loadDriver('opcua', 'node-opcua-client');
  if (!isOpcua(opcua)) throw new Error('node-opcua-client is another version than this bench knows');
  const client = opcua.OPCUAClient.create({ endpointMustExist: false });
  await client.connect(`opc.tcp://127.0.0.1:${port}`);
  const session = await client.createSession();
  const index = (await session.readNamespaceArray()).indexOf(OPCUA_NAMESPACE);
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: PERIOD_MS / 2,
    requestedLifetimeCount: 1000,
    requestedMaxKeepAliveCount: 20,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 1,
  });
  const items = CYLINDER_NAMES.flatMap((cylinder) =>
    PLACE_NAMES.map((name) => ({ nodeId: `ns=${index};s=${cylinder}.${name}`, attributeId: VALUE })),
  );
  const parameters = { samplingInterval: PERIOD_MS, queueSize: 600, discardOldest: true };
  opcua.ClientMonitoredItemGroup.create(subscription, items, parameters, BOTH_TIMES).on('changed', () => {
    values += 1;
  });
};

type Tahu = Readonly<{
  get(
    namespace: string,
  ): Readonly<{ decodePayload(bytes: Uint8Array): Readonly<{ metrics: readonly object[] }> }>;
}>;

const subscribe = async (topic: string, take: (body: Buffer) => void): Promise<void> => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  client.on('message', (_, body) => take(body));
  await client.subscribeAsync(topic, { qos: 1 });
};

const READERS: Readonly<Record<SourceKind, () => Promise<void>>> = {
  modbus: readModbus,
  opcua: readOpcua,
  sparkplug: () => {
    const tahu: Tahu = require('sparkplug-payload');
    const { decodePayload } = tahu.get('spBv1.0');
    return subscribe(`spBv1.0/${SPARKPLUG_GROUP}/#`, (body) => {
      values += decodePayload(body).metrics.length;
    });
  },
  mqtt: () =>
    subscribe(deviceTopic('+'), (body) => {
      values += Object.keys(JSON.parse(body.toString()).Values).length;
    }),
};

answer({ counts: () => ({ samples: values / PLACE_NAMES.length, faults: 0 }), usage });
await READERS[kind]();
