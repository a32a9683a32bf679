import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readMessage } from '../../../domain/message/read-message.ts';
import { hasSdk, sdkFolder } from '../../../edge/build/build-packages.ts';
import { NUCLEUS_TIMING } from '../../../edge/ipc/confirmation.ts';
import { createIpcTransport, type IpcEvent } from '../../../edge/ipc/ipc-transport.ts';
import { openNucleusClient } from '../../../edge/ipc/nucleus-client.ts';
import { connectBySdk, type GreengrassSdk } from '../../../edge/ipc/sdk-connection.ts';
import { createPublisher } from '../../../edge/publisher/publisher.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSample } from '../queue/queue-samples.ts';
import { nucleusBroker, nucleusTimes } from './nucleus-broker.ts';
import { type NucleusDouble, nucleusDouble } from './nucleus-double.ts';
import { startNucleusSocket } from './nucleus-socket.ts';

/** Why AWS's own client cannot be used, or false: as `skip` of a test. */
export const noSdk = hasSdk() ? false : 'the AWS IoT Device SDK is not installed: npm run build:edge';
/** Where AWS's own client lies. */
export const SDK = join(sdkFolder(), 'node_modules/aws-iot-device-sdk-v2/dist/greengrasscoreipc.js');
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
/** A line, its gateway and its nucleus, a hundred times as fast. */
export type Plant = Line &
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

/** A plant whose gateway speaks to the double by AWS's own client. */
export const startPlant = async ({ cylinders, double }: Line) => {
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
      await gateway.publisher.flush(AbortSignal.timeout(240_000));
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

/** A nucleus lite as fast as the plant. */
export const newDouble = () => nucleusDouble({}, nucleusBroker(nucleusTimes(SPEED)));
