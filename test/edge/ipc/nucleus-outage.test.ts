import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readMessage } from '../../../domain/message/read-message.ts';
import { hasSdk, sdkFolder } from '../../../edge/build/install-sdk.ts';
import { NUCLEUS_TIMING } from '../../../edge/ipc/confirmation.ts';
import { createIpcTransport, type IpcEvent } from '../../../edge/ipc/ipc-transport.ts';
import { NucleusRefusal, openNucleusClient } from '../../../edge/ipc/nucleus-client.ts';
import { connectBySdk, type GreengrassSdk } from '../../../edge/ipc/sdk-connection.ts';
import { UndeliverableError } from '../../../edge/publisher/deliver.ts';
import { createPublisher } from '../../../edge/publisher/publisher.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSample } from '../queue/queue-samples.ts';
import { nucleusBroker, nucleusTimes } from './nucleus-broker.ts';
import { type NucleusDouble, nucleusDouble } from './nucleus-double.ts';
import { startNucleusSocket } from './nucleus-socket.ts';

/** Outages of minutes, a hundred times as fast, through AWS's own client. `npm run build:edge` puts that in its place. */
const skip = hasSdk() ? false : 'the AWS IoT Device SDK is not installed: npm run build:edge';
const SDK = join(sdkFolder(), 'node_modules/aws-iot-device-sdk-v2/dist/greengrasscoreipc.js');
const SPEED = 100;
const TIMING = {
  ...NUCLEUS_TIMING,
  echoMs: NUCLEUS_TIMING.echoMs / SPEED,
  holdMs: NUCLEUS_TIMING.holdMs / SPEED,
  paceMs: 20,
  probeMs: NUCLEUS_TIMING.probeMs / SPEED,
  tryAgainMs: NUCLEUS_TIMING.tryAgainMs / SPEED,
};
const PAUSES_MS = [2, 5, 10, 20, 50];

const folder = scratchFolder();
let runs = 0;

type Line = Readonly<{ cylinders: number; double: NucleusDouble }>;
type Plant = Line &
  Readonly<{
    /** Lives on for so many seconds of the plant's time, ten samples a message. */
    live(seconds: number): Promise<void>;
    /** The nucleus ends and begins anew. */
    restartNucleus(): void;
    /** The gateway ends without a farewell to anybody, and a new one begins with its queue. */
    restartGateway(): Promise<void>;
    events: readonly IpcEvent[];
    refused(): number;
  }>;

const startPlant = async ({ cylinders, double }: Line) => {
  const number = ++runs;
  const socket = await startNucleusSocket(double, join(folder, `${number}.sock`));
  Object.assign(process.env, socket.environment);
  const sdk: GreengrassSdk = await import(pathToFileURL(SDK).href);
  const events: IpcEvent[] = [];
  const accepted = new Set<string>();
  let second = 0;

  const startGateway = async () => {
    const ending = new AbortController();
    const nucleus = await openNucleusClient(connectBySdk(sdk), {
      signal: ending.signal,
      pausesMs: PAUSES_MS,
    });
    const transport = createIpcTransport(
      { nucleus, echoTopic: 'greengrass/ml/echo/gw-1', onEvent: (event) => void events.push(event) },
      { pausesMs: PAUSES_MS, timing: TIMING },
    );
    const publisher = createPublisher(
      { transport, now: () => second * 1000 },
      {
        gateway: 'gw-1',
        drainPerSecond: 1e6,
        inFlight: 1,
        timeoutMs: 1000,
        queue: {
          path: join(folder, `${number}.sqlite`),
          commitMs: 5,
          onCommitted: (samples) => {
            for (const { origin, sample } of samples) accepted.add(`${origin.cylinder} ${sample.seq}`);
          },
        },
      },
    );
    const end = async () => {
      await publisher.close();
      ending.abort();
      await nucleus.close();
    };
    return { publisher, end };
  };

  let gateway = await startGateway();
  const plant: Plant = {
    cylinders,
    double,
    events,
    refused: double.refused,
    async live(seconds) {
      for (const end = second + seconds; second < end; second += 10) {
        for (let cylinder = 0; cylinder < cylinders; cylinder += 1) {
          const samples = Array.from({ length: 10 }, (_, index) =>
            queuedSample(`c-${cylinder}`, second + index),
          );
          gateway.publisher.send(samples);
        }
        await sleep(10_000 / SPEED);
      }
    },
    restartNucleus() {
      double.network.restart();
      socket.drop();
    },
    async restartGateway() {
      await gateway.end();
      gateway = await startGateway();
    },
  };
  return {
    plant,
    ended: () => gateway.publisher.ended,
    /** What was accepted and has not arrived when the queue says that all has. */
    async missing() {
      await gateway.publisher.flush(AbortSignal.timeout(60_000));
      assert.equal(gateway.publisher.queued(), 0);
      const arrived = arrivedIn(double);
      return [...accepted].filter((sample) => !arrived.has(sample));
    },
    async [Symbol.asyncDispose]() {
      await gateway.end();
      await socket[Symbol.asyncDispose]();
      double.network.close();
    },
  };
};

const arrivedIn = ({ published }: NucleusDouble): ReadonlySet<string> =>
  new Set(
    published
      .filter(({ topic }) => topic.includes('/inference/'))
      .flatMap(({ topic, payload }) =>
        readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null }).samples.map(
          ({ cylinder, seq }) => `${cylinder} ${seq}`,
        ),
      ),
  );

const newDouble = () => nucleusDouble({}, nucleusBroker(nucleusTimes(SPEED)));

const hole =
  (seconds: number) =>
  async ({ live, double }: Plant) => {
    await live(30);
    double.network.blackHole(true);
    await live(seconds);
    double.network.blackHole(false);
    await live(30);
  };

const CASES: readonly (readonly [name: string, happen: (plant: Plant) => Promise<void>])[] = [
  ['a black hole of 10 s', hole(10)],
  ['a black hole of 40 s', hole(40)],
  ['a black hole of 75 s', hole(75)],
  ['a black hole of 150 s', hole(150)],
  ['a black hole of 10 min', hole(600)],
  [
    'a broker that ends the connection again and again',
    async ({ live, double }) => {
      for (let times = 0; times < 12; times += 1) {
        await live(10);
        double.network.cut();
      }
      await live(30);
    },
  ],
  [
    'a nucleus that begins anew, in a black hole too',
    async ({ live, double, restartNucleus }) => {
      await live(20);
      restartNucleus();
      await live(30);
      double.network.blackHole(true);
      await live(20);
      restartNucleus();
      await live(20);
      double.network.blackHole(false);
      await live(20);
    },
  ],
  [
    'a gateway that begins anew, in a black hole too',
    async ({ live, double, restartGateway }) => {
      await live(20);
      double.network.blackHole(true);
      await live(30);
      await restartGateway();
      double.network.blackHole(false);
      await live(20);
    },
  ],
];

/** All of them take ten minutes: SENTINEL_OUTAGES=all. */
const isAll = process.env.SENTINEL_OUTAGES === 'all';
const MANY = ['a black hole of 75 s', 'a broker that ends the connection again and again'];

for (const isEchoAllowed of [true, false]) {
  for (const cylinders of [1, 20, 100]) {
    for (const [name, happen] of CASES) {
      if (!isAll && cylinders > 1 && !MANY.includes(name)) continue;
      const how = isEchoAllowed ? 'with an echo' : 'by time alone';
      test(`${how}, ${cylinders} cylinders, ${name}: nothing is lost`, {
        skip,
        timeout: 300_000,
      }, async () => {
        const double = newDouble();
        if (!isEchoAllowed) double.deny('greengrass/ml/echo/');
        await using running = await startPlant({ cylinders, double });
        await happen(running.plant);
        assert.deepEqual((await running.missing()).slice(0, 10), []);
        assert.equal(double.echoes() > 0, isEchoAllowed);
        assert.equal(double.maxAtOnce(), 1);
      });
    }
  }
}

test('without an outage a burst of 100 cylinders overruns nothing and warns of nothing', {
  skip,
}, async () => {
  const double = newDouble();
  await using running = await startPlant({ cylinders: 100, double });
  await running.plant.live(60);
  assert.deepEqual(await running.missing(), []);
  assert.equal(double.refused(), 0);
  assert.deepEqual(running.plant.events, []);
});

test('a token that the nucleus does not know is a refusal, a nucleus that is not there is none', {
  skip,
}, async () => {
  const sdk: GreengrassSdk = await import(pathToFileURL(SDK).href);
  const path = join(folder, 'token.sock');
  {
    await using socket = await startNucleusSocket(nucleusDouble(), path);
    Object.assign(process.env, socket.environment, { SVCUID: 'of a life before' });
    await assert.rejects(connectBySdk(sdk)(), NucleusRefusal);
  }
  await assert.rejects(connectBySdk(sdk)(), (error) => !(error instanceof NucleusRefusal));
});

test('a right that is missing ends it at once, by the error that AWS’s client hands on', {
  skip,
}, async () => {
  const double = newDouble();
  double.deny('greengrass/ml/inference/');
  await using running = await startPlant({ cylinders: 1, double });
  await running.plant.live(10);
  await assert.rejects(running.ended(), (error) => {
    assert.ok(error instanceof UndeliverableError);
    assert.match(
      error.message,
      /denies publishing to .* \(IPC Operation not allowed\.\); allow aws.greengrass#Publish/,
    );
    return true;
  });
});
