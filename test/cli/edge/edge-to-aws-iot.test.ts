import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { startTlsBroker } from '../../edge/transport/tls-broker.ts';
import { AWS_HOST, certificates } from '../../local/access/outside-fixture.ts';

/** `sentinel edge` against a broker that demands what AWS IoT demands: certificates, ALPN, the name of its host, signatures. */

const folder = scratchFolder();
const SCRIPT = join(import.meta.dirname, '../../../cli/sentinel.ts');
const MODEL = join(import.meta.dirname, '../../../edge/model/simulated-line.json');
const SAMPLE = `${JSON.stringify({ cylinder: 'cyl-01', rVibration_Temp: 48 })}\n`;
let runs = 0;

const edge = (options: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const all = [
    'edge',
    '--gateway',
    'line-1',
    '--model',
    MODEL,
    '--queue',
    join(folder, `${++runs}.sqlite`),
    ...options,
  ];
  const child = spawn(process.execPath, [SCRIPT, ...all], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH, ...env },
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], , errors]) => ({ code, errors }),
  );
  return { child, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
};

const TOPICS = ['greengrass/ml/status/line-1', 'greengrass/ml/inference/line-1/cyl-01'];

test('with its certificate a gateway reaches a broker that asks as AWS IoT does on port 443', async (t) => {
  const at = certificates(t, ['line-1']);
  await using broker = await startTlsBroker({ at, tls: { ALPNProtocols: ['x-amzn-mqtt-ca'] } });
  const files = ['--cert', at('line-1.pem'), '--key', at('line-1.key'), '--ca', at('ca.pem')];
  const named = ['--client-id', 'line-1', '--server-name', AWS_HOST, '--alpn', 'x-amzn-mqtt-ca'];
  using running = edge(['--to', `mqtts://127.0.0.1:${broker.port}`, ...files, ...named]);
  running.child.stdin.end(SAMPLE);
  const { code, errors } = await running.ended;
  assert.equal(code, 0, errors);
  assert.match(errors, /stopped: 1 samples scored, 1 acknowledged$/m);
  assert.deepEqual(
    [broker.names, broker.protocols, broker.hosts, broker.clients, broker.topics],
    [['line-1'], ['x-amzn-mqtt-ca'], [AWS_HOST], ['line-1'], TOPICS],
  );
});

test('a wrong certificate is told in a line, and what was scored stays in the queue', async (t) => {
  const at = certificates(t, ['line-1']);
  await using broker = await startTlsBroker({ at });
  const files = ['--cert', at('stranger.pem'), '--key', at('stranger.key'), '--ca', at('ca.pem')];
  using running = edge(['--to', `mqtts://127.0.0.1:${broker.port}`, ...files]);
  running.child.stdin.write(SAMPLE);
  running.child.stderr.on('data', (data) => {
    // A line that is complained of has been read after the one before it was scored.
    const isRefused = /of AWS IoT: is the certificate active|refuses the certificate/.test(String(data));
    if (isRefused) running.child.stdin.write('no sample\n');
    if (String(data).includes('is not a JSON object')) running.child.kill('SIGTERM');
  });
  const { code, errors } = await running.ended;
  assert.equal(code, 0, errors);
  assert.match(errors, /1 kept in the queue for the next start$/m);
  assert.doesNotMatch(errors, /PRIVATE KEY| {4}at /);
  assert.doesNotMatch(
    errors,
    new RegExp(readFileSync(at('stranger.key'), 'utf8').split('\n')[1] ?? 'absent'),
  );
});

test('over WebSocket a connection is signed with the keys of the environment; without keys it is refused in one line', async (t) => {
  const at = certificates(t, []);
  await using broker = await startTlsBroker({ at, isWebSocket: true, tls: { requestCert: false } });
  const to = [
    '--to',
    `wss://127.0.0.1:${broker.port}/mqtt`,
    '--ca',
    at('ca.pem'),
    '--sign-for',
    'eu-central-1',
  ];
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'a/b',
  };
  using running = edge([...to, '--client-id', 'line-1'], keys);
  running.child.stdin.end(SAMPLE);
  const { code, errors } = await running.ended;
  assert.equal(code, 0, errors);
  assert.deepEqual([broker.clients, broker.topics], [['line-1'], TOPICS]);
  assert.match(
    broker.paths[0] ?? '',
    /^\/mqtt\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F\d{8}%2Feu-central-1%2Fiotdevicegateway%2F.*&X-Amz-Signature=[0-9a-f]{64}&X-Amz-Security-Token=a%2Fb$/,
  );
  const nobody = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  using refused = edge(to, nobody);
  const told = await refused.ended;
  assert.equal(told.code, 2);
  assert.match(
    told.errors,
    /^sentinel: there are no AWS keys to sign the WebSocket with \([^\n]*\): export AWS_PROFILE[^\n]*\n$/,
  );
});

test('a policy that does not allow the topics, by which the broker ends the connection each time, is told as such', async (t) => {
  const at = certificates(t, ['line-1']);
  const deny = (_client: unknown, _packet: unknown, done: (error: Error) => void) =>
    done(new Error('denied'));
  await using broker = await startTlsBroker({ at, aedes: { authorizePublish: deny } });
  const files = ['--cert', at('line-1.pem'), '--key', at('line-1.key'), '--ca', at('ca.pem')];
  using running = edge(['--to', `mqtts://127.0.0.1:${broker.port}`, ...files]);
  running.child.stdin.write(SAMPLE);
  let errors = '';
  running.child.stderr.on('data', (data) => {
    errors += String(data);
  });
  while (!errors.includes('does the policy allow iot:Publish') && running.child.exitCode === null)
    await sleep(20);
  running.child.kill('SIGTERM');
  assert.match(
    (await running.ended).errors,
    /ends the connection before it acknowledges anything; of AWS IoT: does the policy allow iot:Publish/,
  );
});
