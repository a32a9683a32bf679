import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
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

type Certificates = { initialize(): Promise<void>; dispose(): Promise<void> };
type CertificateModule = { OPCUACertificateManager: new (options: object) => Certificates };
const { OPCUACertificateManager }: CertificateModule = createRequire(import.meta.url)(
  'node-opcua-certificate-manager',
);

const folder = mkdtempSync(join(tmpdir(), 'opcua-login-'));
after(() => rmSync(folder, { recursive: true }));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const read = (port: number, opcua: object = {}, keptMs = 600_000) => {
  const mapping = mappingOf({
    opcua: {
      url: `opc.tcp://127.0.0.1:${port}`,
      pki: join(folder, 'pki'),
      devices: [{ cylinder: 'press-1', at: 'Press1' }],
      ...opcua,
    },
    periodMs: 200,
    sensors: { wRMSCurrent: 'nsu=urn:test:line;s={at}.Current' },
  });
  assert.ok(mapping.opcua !== undefined);
  const parts = { mapping, opcua: mapping.opcua, now: Date.now, wait: pause, keptMs };
  return readSource((onEvent, signal) => opcuaSource({ ...parts, onEvent, signal }));
};

/** A certificate of a person, signed by itself, with its key. */
const makeCertificate = (name: string) => {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=URI:urn:test:${name}`];
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject],
      ...['-addext', 'keyUsage=digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment'],
      ...['-keyout', key, '-out', certificate],
    ],
    { env: { PATH: process.env.PATH } },
  );
  assert.equal(made.status, 0, String(made.stderr));
  return { certificate, key };
};

const noOpenssl = spawnSync('openssl', ['version']).error === undefined ? false : 'openssl is not installed';

const moveAll = (from: string, to: string): void => {
  for (const file of readdirSync(from)) renameSync(join(from, file), join(to, file));
};

test('a user logs in by a certificate, once the server trusts it', { skip: noOpenssl }, async () => {
  const port = await freePort();
  const users = join(folder, 'users');
  const userCertificateManager = new OPCUACertificateManager({
    rootFolder: users,
    automaticallyAcceptUnknownCertificate: false,
  });
  await userCertificateManager.initialize();
  await using line = await startOpcuaLine({
    presses: ['Press1'],
    names: ['Current'],
    port,
    server: { userCertificateManager, allowAnonymous: false },
  });
  const pki = join(folder, 'client');
  await using reading = read(port, { security: 'Basic256Sha256', pki, user: makeCertificate('ana') });
  await reading.until(() => reading.events.some((event) => event.includes('its certificate is not trusted')));
  moveAll(join(pki, 'rejected'), join(pki, 'trusted/certs'));
  await reading.until(() =>
    reading.events.some((event) => event.includes('it refuses the certificate of the user')),
  );
  assert.equal(reading.samples.length, 0);
  moveAll(join(users, 'rejected'), join(users, 'trusted/certs'));
  line.set('Press1.Current', 6);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 6));
});

test('a queue that ran over while the connection was cut is said, and what it dropped is nobody’s value', async () => {
  const port = await freePort();
  await using line = await startOpcuaLine({
    presses: ['Press1'],
    names: ['Current'],
    port,
  });
  await using proxy = await startCutProxy(port);
  await using reading = read(proxy.port, {}, 400);
  line.set('Press1.Current', 1);
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 1));
  proxy.set('drop');
  await reading.until(() => reading.events.some((event) => event.includes('the connection is lost')));
  const cut = Date.now();
  for (let value = 101; value <= 110; value++) {
    line.set('Press1.Current', value);
    await sleep(250);
  }
  proxy.set('pass');
  await reading.until(() => reading.samples.some(({ values }) => values[3] === 110));
  const told = reading.events.filter((event) => event.startsWith('overflow: '));
  assert.match(
    told[0] ?? '',
    /^overflow: press-1: nsu=.*Press1\.Current: the server's queue ran over .*: values are lost$/,
  );
  const got = reading.samples.filter(({ t }) => t > cut).map(({ values }) => values[3]);
  const sent = Array.from({ length: 10 }, (_, index) => 101 + index);
  assert.ok(!sent.every((value) => got.includes(value)), `${got}`);
  // The value before the gap is not taken to have held in it.
  for (const value of [1, ...sent.slice(0, -1)])
    assert.ok(got.filter((one) => one === value).length <= 2, `${value}: ${got}`);
});
