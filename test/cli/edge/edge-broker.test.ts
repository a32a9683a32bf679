import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EdgeBrokerOptions, edgeBroker } from '../../../cli/edge/edge-broker.ts';
import { signedWebSocketUrl } from '../../../edge/transport/broker-address.ts';
import { AWS_HOST, certificates } from '../../local/access/outside-fixture.ts';

const broker = (options: Partial<EdgeBrokerOptions>) =>
  edgeBroker({ to: 'mqtts://broker:8883', gateway: 'line-1', ...options });

const REFUSED: readonly (readonly [options: Partial<EdgeBrokerOptions>, message: RegExp])[] = [
  [{ cert: 'a.pem' }, /^--cert and --key go together$/],
  [{ key: 'a.key' }, /^--cert and --key go together$/],
  [{ cert: 'a.pem', key: 'a.key', pkcs12: 'a.p12' }, /^--pkcs12 holds certificate and key/],
  [{ keyPassphraseFile: 'a' }, /goes with --key or --pkcs12$/],
  [{ to: 'mqtt://broker', cert: 'a.pem', key: 'a.key' }, /go with mqtts:\/\/ or wss:\/\/$/],
  [{ to: 'ws://broker', ca: 'a.pem' }, /go with mqtts:\/\/ or wss:\/\/$/],
  [{ signFor: 'eu-central-1' }, /^--sign-for goes with wss:\/\/$/],
  [{ to: `mqtt://${AWS_HOST}:1883` }, /^AWS IoT takes no connection without TLS/],
  [
    { to: `mqtts://${AWS_HOST}:8883` },
    /^AWS IoT demands a certificate of this gateway: --cert FILE --key FILE$/,
  ],
  [
    { to: `wss://${AWS_HOST}/mqtt`, cert: 'a.pem', key: 'a.key' },
    /^AWS IoT takes no client certificate over WebSocket/,
  ],
  [{ cert: 'absent.pem', key: 'absent.key' }, /^absent\.pem: there is no such file$/],
];

for (const [options, message] of REFUSED) {
  test(`${JSON.stringify(options)} is refused before anything starts`, async () => {
    await assert.rejects(broker(options), { name: 'UsageError', message });
  });
}

test('at AWS IoT the client identifier is the gateway’s name, as its policy has it; elsewhere no two are the same', async (t) => {
  const at = certificates(t, ['line-1']);
  const pair = { cert: at('line-1.pem'), key: at('line-1.key') };
  assert.equal((await broker({ to: `mqtts://${AWS_HOST}:8883`, ...pair })).clientId, 'line-1');
  assert.match((await broker({})).clientId, /^line-1-[0-9a-f]{8}$/);
  assert.equal((await broker({ clientId: 'press' })).clientId, 'press');
});

test('on port 443 of AWS IoT the protocol is asked for by ALPN, of a certificate or of custom authentication', async (t) => {
  const at = certificates(t, ['line-1']);
  const pair = { cert: at('line-1.pem'), key: at('line-1.key') };
  const alpn = async (options: Partial<EdgeBrokerOptions>) =>
    (await (await broker(options)).secure?.())?.tls.ALPNProtocols;
  assert.deepEqual(await alpn({ to: `mqtts://${AWS_HOST}:443`, ...pair }), ['x-amzn-mqtt-ca']);
  assert.deepEqual(await alpn({ to: `mqtts://${AWS_HOST}:443`, username: 'u' }), ['mqtt']);
  assert.equal(await alpn({ to: `mqtts://${AWS_HOST}:8883`, ...pair }), undefined);
  assert.deepEqual(await alpn({ to: 'mqtts://10.0.0.1:443', ...pair, alpn: 'x-amzn-mqtt-ca' }), [
    'x-amzn-mqtt-ca',
  ]);
  assert.equal(await alpn({ to: 'mqtts://10.0.0.1:443', ...pair }), undefined);
});

const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/EXAMPLE' };
/** As the signer of AWS's own SDK (@smithy/signature-v4) presigns it. */
const SIGNED =
  `wss://${AWS_HOST}/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20261128%2Feu-central-1%2F` +
  'iotdevicegateway%2Faws4_request&X-Amz-Date=20261128T120000Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=' +
  '97f18125c0bda859e9633c20e58c603443e2d452d79f7136acc2c8fd54cf301c';

test('a WebSocket of AWS IoT is signed as the SDK signs, and the token of a session stands behind the signature', () => {
  const sign = (keys: Parameters<typeof signedWebSocketUrl>[2]) =>
    signedWebSocketUrl(`wss://${AWS_HOST}`, 'eu-central-1', keys, Date.parse('2026-11-28T12:00:00Z'));
  assert.equal(sign(KEYS), SIGNED);
  assert.equal(sign({ ...KEYS, sessionToken: 'a/b+c=' }), `${SIGNED}&X-Amz-Security-Token=a%2Fb%2Bc%3D`);
});
