import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { describeConnectionError, type Secured } from '../../../edge/transport/broker-address.ts';
import { openConnection } from '../../../edge/transport/mqtt-transport.ts';
import { readTlsFiles } from '../../../edge/transport/tls-files.ts';
import { AWS_HOST, certificates } from '../../local/access/outside-fixture.ts';
import { noMosquitto, startMosquitto } from '../publisher/mosquitto.ts';
import { startTlsBroker } from './tls-broker.ts';

type Files = ReturnType<typeof certificates>;
type Tls = Secured['tls'];

const ALPN = 'x-amzn-mqtt-ca';

const as = (at: Files, name: string | null, more: Tls = {}): Tls => ({
  ca: readFileSync(at('ca.pem'), 'utf8'),
  ...(name === null ? {} : { cert: readFileSync(at(`${name}.pem`)), key: readFileSync(at(`${name}.key`)) }),
  ...more,
});

const open = (url: string, tls: Tls) =>
  openConnection({ url, secure: () => Promise.resolve({ tls }) }, 'line-1');

const refusal = async (url: string, tls: Tls): Promise<string> => {
  const opened = await open(url, tls);
  assert.ok(!opened.ok);
  assert.ok(opened.error.message.startsWith(url.replace(/\/mqtt$/, '')), opened.error.message);
  return opened.error.message;
};

const REFUSALS: readonly (readonly [what: string, tls: (at: Files) => Tls, message: RegExp])[] = [
  ['no certificate', (at) => as(at, null), /demands? a certificate of this client.*--cert and --key/],
  [
    'one of another authority',
    (at) => as(at, 'stranger'),
    /refuses the certificate of this client|before it accepted it/,
  ],
  [
    'a server of another authority',
    (at) => as(at, 'line-1', { ca: readFileSync(at('other-ca.pem'), 'utf8') }),
    /an authority that is not known here: .* --ca$/,
  ],
  [
    'a server of another name',
    (at) => as(at, 'line-1', { servername: 'press.example.com' }),
    /a certificate for another host \(Host: press\.example\.com\. is not .*\); check the host, or set --server-name$/,
  ],
];

for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
  for (const isWebSocket of [false, true]) {
    test(`${isWebSocket ? 'a WebSocket' : 'MQTT'} over ${maxVersion}: a client with a certificate of the authority is let in by its name, others are told why not`, async (t) => {
      const at = certificates(t, ['line-1']);
      await using broker = await startTlsBroker({ at, isWebSocket, tls: { maxVersion } });
      const url = isWebSocket ? `wss://127.0.0.1:${broker.port}/mqtt` : `mqtts://127.0.0.1:${broker.port}`;
      const opened = await open(url, as(at, 'line-1', { servername: AWS_HOST }));
      assert.ok(opened.ok);
      await new Promise<void>((resolve) => opened.connection.publish('a', 'b', resolve));
      await opened.connection.close();
      assert.deepEqual(
        [broker.names, broker.hosts, broker.clients, broker.topics],
        [['line-1'], [AWS_HOST], ['line-1'], ['a']],
      );
      for (const [what, tls, message] of REFUSALS) assert.match(await refusal(url, tls(at)), message, what);
    });
  }
}

test('the protocol asked for by ALPN is the one that the broker sees; one that it does not speak is told', async (t) => {
  const at = certificates(t, ['line-1']);
  await using broker = await startTlsBroker({ at, tls: { ALPNProtocols: [ALPN] } });
  const url = `mqtts://127.0.0.1:${broker.port}`;
  const opened = await open(url, as(at, 'line-1', { ALPNProtocols: [ALPN] }));
  assert.ok(opened.ok);
  await opened.connection.close();
  assert.deepEqual(broker.protocols, [ALPN]);
  assert.match(
    await refusal(url, as(at, 'line-1', { ALPNProtocols: ['mqtt'] })),
    /does not speak the protocol .*--alpn$/,
  );
});

test('mosquitto that requires certificates lets in who has one, and its alert about others is put into words', {
  skip: noMosquitto,
}, async (t) => {
  const at = certificates(t, ['line-1']);
  await using broker = await startMosquitto(at('.'), [
    `cafile ${at('ca.pem')}`,
    `certfile ${at('server.pem')}`,
    `keyfile ${at('server.key')}`,
    'require_certificate true',
    // It would give up the right to read the files that root made.
    'user root',
  ]);
  const url = `mqtts://127.0.0.1:${broker.port}`;
  const opened = await open(url, as(at, 'line-1'));
  assert.ok(opened.ok);
  await opened.connection.close();
  assert.match(
    await refusal(url, as(at, 'stranger')),
    /refuses the certificate of this client: is it the right one/,
  );
  assert.match(await refusal(url, as(at, null)), /demands a certificate of this client: --cert and --key$/);
});

const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so';
const noToken = ['/usr/bin/softhsm2-util', '/usr/bin/pkcs11-tool', SOFTHSM].every((path) => existsSync(path))
  ? false
  : 'no token: apt-get install softhsm2 opensc libengine-pkcs11-openssl';

test('a key that never leaves its PKCS#11 token lets in as one in a file does, at the next connection too', {
  skip: noToken,
}, async (t) => {
  const at = certificates(t, ['line-1']);
  mkdirSync(at('tokens'));
  writeFileSync(at('softhsm2.conf'), `directories.tokendir = ${at('tokens')}\n`);
  writeFileSync(at('pin'), '4711');
  Object.assign(process.env, { SOFTHSM2_CONF: at('softhsm2.conf'), PKCS11_MODULE_PATH: SOFTHSM });
  const run = (program: string, ...words: readonly string[]) =>
    execFileSync(program, words, { cwd: at('.'), stdio: 'ignore' });
  run('softhsm2-util', '--init-token', '--free', '--label', 'gw', '--pin', '4711', '--so-pin', '4711');
  run('openssl', 'pkey', '-in', 'line-1.key', '-outform', 'der', '-out', 'privkey');
  run('openssl', 'pkey', '-in', 'line-1.key', '-pubout', '-outform', 'der', '-out', 'pubkey');
  const login = ['--module', SOFTHSM, '--login', '--pin', '4711', '--token-label', 'gw'];
  for (const type of ['privkey', 'pubkey'])
    run(
      'pkcs11-tool',
      ...login,
      '--write-object',
      type,
      '--type',
      type,
      '--label',
      'line-1',
      '--id',
      '01',
      '--usage-sign',
    );
  const key = 'pkcs11:token=gw;object=line-1;type=private';
  const named = { cert: at('line-1.pem'), key, ca: at('ca.pem'), passphraseFile: at('pin') };
  await using broker = await startTlsBroker({ at });
  for (let times = 0; times < 2; times += 1) {
    const files = readTlsFiles(named, Date.now());
    assert.ok(files.ok, JSON.stringify(files));
    const opened = await open(`mqtts://127.0.0.1:${broker.port}`, files.material);
    assert.ok(opened.ok, JSON.stringify(opened));
    await opened.connection.close();
  }
  assert.deepEqual(broker.names, ['line-1', 'line-1']);
});

test('who is let in by TLS and then shown the door is told what AWS IoT may have against it, with the identifier', async (t) => {
  const at = certificates(t, ['line-1']);
  const server = createServer(
    {
      ca: readFileSync(at('ca.pem')),
      cert: readFileSync(at('server.pem')),
      key: readFileSync(at('server.key')),
      requestCert: true,
    },
    (socket) => socket.on('error', () => {}).once('data', () => socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  assert.match(
    await refusal(`mqtts://127.0.0.1:${port}`, as(at, 'line-1')),
    /before it accepted it; of AWS IoT: is the certificate active, and does its policy allow iot:Connect for the client identifier line-1\?$/,
  );
});

test('a WebSocket that is refused is told with the answer, and what it may be', async (t) => {
  const at = certificates(t, []);
  const server = createHttpsServer({
    cert: readFileSync(at('server.pem')),
    key: readFileSync(at('server.key')),
  });
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  assert.match(
    await refusal(`wss://127.0.0.1:${port}/mqtt`, as(at, null)),
    /refuses the WebSocket with HTTP 403; check the path, the keys and the clock of this machine$/,
  );
});

test('files that cannot be read at a later connection are an error in one line, and no end', async () => {
  const opened = await openConnection(
    {
      url: 'mqtts://127.0.0.1:1',
      secure: () => Promise.reject(new Error('line-1.pem: there is no such file')),
    },
    'line-1',
  );
  assert.deepEqual(opened, { ok: false, error: { message: 'line-1.pem: there is no such file' } });
});

const SAID: readonly (readonly [code: string, words: RegExp])[] = [
  [
    'CERT_HAS_EXPIRED',
    /^b shows a certificate that has expired; the clock here says \d{4}-\d\d-\d\dT\d\d:\d\dZ: set it/,
  ],
  [
    'CERT_NOT_YET_VALID',
    /^b shows a certificate that is not valid yet; the clock here says .*Z: set it where that is wrong$/,
  ],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    /^b does not speak TLS on this port; check the port, or write mqtt:\/\/ or ws:\/\/$/,
  ],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', /^b refuses the certificate of this client/],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED', /^b refuses the certificate of this client/],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /^b refuses the certificate of this client/],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /^b speaks no version of TLS that is still safe/],
  ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', /^b knows no host of this name/],
  ['EBADNEWS', /^b cannot be reached: told\uFFFDin two lines$/],
];

test('what TLS says of itself is put into words, on one line', () => {
  for (const [code, words] of SAID) {
    const error = Object.assign(new Error('told\nin two lines'), { code });
    assert.match(describeConnectionError({ shown: 'b', error, securedAs: 'line-1' }), words);
  }
});
