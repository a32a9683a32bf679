import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { NucleusRefusal } from '../../../edge/ipc/nucleus-client.ts';
import { connectBySdk, type GreengrassSdk } from '../../../edge/ipc/sdk-connection.ts';
import { UndeliverableError } from '../../../edge/publisher/deliver.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { nucleusDouble } from './nucleus-double.ts';
import { newDouble, noSdk, type Plant, SDK, startPlant } from './nucleus-plant.ts';
import { startNucleusSocket } from './nucleus-socket.ts';

/** Outages of minutes, a hundred times as fast, through AWS's own client; `npm run build:edge` puts that in its place. */

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
        skip: noSdk,
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
  skip: noSdk,
}, async () => {
  const double = newDouble();
  await using running = await startPlant({ cylinders: 100, double });
  await running.plant.live(60);
  assert.deepEqual(await running.missing(), []);
  assert.equal(double.refused(), 0);
  assert.deepEqual(running.plant.events, []);
});

const folder = scratchFolder();

test('a token that the nucleus does not know is a refusal, a nucleus that is not there is none', {
  skip: noSdk,
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

test('a connection that ends while a request is being written does not end the process', {
  skip: noSdk,
}, async () => {
  const script = join(import.meta.dirname, 'drop-connections.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder, '300']);
  assert.equal(stdout, '300 ends\n');
});

test('a right that is missing ends it at once, by the error that AWS’s client hands on', {
  skip: noSdk,
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
