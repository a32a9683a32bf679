import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import { readMessage } from '../../domain/message/read-message.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { startCutProxy } from '../edge/publisher/cut-proxy.ts';

/**
 * `npm run test:nucleus`: an installed nucleus lite with the packages of `npm run build:edge`, before a broker of this
 * test's own that asks for certificates, behind a network that goes silent. It builds nothing; docs/edge.md has the lines
 * that make the certificates and point the nucleus to it.
 */
const {
  NUCLEUS_LITE: programs,
  NUCLEUS_CERTIFICATES: certificates = '',
  NUCLEUS_PORT: port = '8883',
  NUCLEUS_OUTAGES: outages = '10,75,150',
} = process.env;
const skip =
  programs === undefined || certificates === ''
    ? 'no nucleus: set NUCLEUS_LITE and NUCLEUS_CERTIFICATES, as docs/edge.md has it (Try it on a nucleus of your own)'
    : false;
const PACKAGES = join(import.meta.dirname, '../../build/edge');
const COMPONENTS = ['GGMLInference', 'AnomalyDetectionModel'];
const RECIPES = ['recipe.yaml', 'model-recipe.yaml'];
const folder = scratchFolder();

const startSecureBroker = async () => {
  const numbers = new Map<string, Set<number>>();
  const broker = await Aedes.createBroker({
    authorizePublish(_client, packet, done) {
      done(null);
      if (!packet.topic.startsWith('greengrass/ml/inference/')) return;
      const body = Buffer.from(packet.payload);
      for (const { cylinder, boot, seq } of readMessage({
        topic: packet.topic,
        body,
        receivedAt: 0,
        client: null,
      }).samples) {
        const key = `${cylinder} ${boot}`;
        numbers.set(key, (numbers.get(key) ?? new Set()).add(Number(seq)));
      }
    },
  });
  const sockets = new Set<TLSSocket>();
  const file = (name: string) => readFileSync(join(certificates, name));
  const server = createServer(
    { ca: file('ca.pem'), cert: file('broker.pem'), key: file('broker.key'), requestCert: true },
    (socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
      broker.handle(socket);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    port: address.port,
    numbers,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
};

/** Gives the nucleus both components as local ones. */
const deploy = (): void => {
  const recipes = join(folder, 'recipes');
  mkdirSync(recipes);
  const wanted = COMPONENTS.map((component, index) => {
    const recipe = readFileSync(join(PACKAGES, RECIPES[index] ?? ''), 'utf8');
    const version = /ComponentVersion: *"?([\d.]+)/.exec(recipe)?.[1] ?? '';
    copyFileSync(join(PACKAGES, RECIPES[index] ?? ''), join(recipes, `${component}-${version}.yaml`));
    const artifacts = join(folder, 'artifacts', component, version);
    mkdirSync(artifacts, { recursive: true });
    for (const [, zip = ''] of recipe.matchAll(/([\w-]+\.zip)/g))
      copyFileSync(join(PACKAGES, zip), join(artifacts, zip));
    return `${component}=${version}`;
  });
  const added = wanted.flatMap((component) => ['--add-component', component]);
  const args = ['deploy', '--recipe-dir', recipes, '--artifacts-dir', join(folder, 'artifacts'), ...added];
  execFileSync(join(programs ?? '', 'ggl-cli'), args, { stdio: 'inherit' });
};

const gaps = (numbers: ReadonlyMap<string, ReadonlySet<number>>): string[] =>
  [...numbers].flatMap(([key, own]) =>
    Array.from({ length: Math.max(...own) }, (_, seq) => seq)
      .filter((seq) => !own.has(seq))
      .map((seq) => `${key} ${seq}`),
  );

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const count = (numbers: ReadonlyMap<string, ReadonlySet<number>>): number =>
  [...numbers.values()].reduce((sum, { size }) => sum + size, 0);

test('a real nucleus: what was scored before, in and after silent outages arrives without a gap', {
  skip,
  timeout: 3_600_000,
}, async () => {
  assert.ok(
    existsSync(join(PACKAGES, 'recipe.yaml')),
    'there are no packages in build/edge: npm run build:edge',
  );
  await using broker = await startSecureBroker();
  await using proxy = await startCutProxy(broker.port, Number(port));
  say(`127.0.0.1:${port} listens as AWS IoT does; deploying ${COMPONENTS.join(' and ')}`);
  deploy();
  say('waiting for the first samples');
  while (broker.numbers.size === 0) await sleep(1000);
  for (const seconds of outages.split(',').map(Number)) {
    await sleep(20_000);
    say(`${count(broker.numbers)} samples; the network is silent for ${seconds} s`);
    proxy.set('stall');
    await sleep(seconds * 1000);
    proxy.set('pass');
    const before = count(broker.numbers);
    say('the network is back; waiting until no number is missing');
    while (count(broker.numbers) === before || gaps(broker.numbers).length > 0) await sleep(1000);
    say(`${count(broker.numbers)} samples, none missing`);
  }
  assert.deepEqual(gaps(broker.numbers), []);
});
