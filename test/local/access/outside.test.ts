import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { readMqttUsers, writeMqttUsers } from '../../../local/access/access-rules.ts';
import { readTls } from '../../../local/broker/outside.ts';
import { closed, startBroker } from '../broker/broker-fixture.ts';
import { certificates, PASSWORD, usersFile } from './outside-fixture.ts';

const connector =
  (t: TestContext, url: string) =>
  async (options: IClientOptions): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options });
    t.after(() => client.end(true));
    return client;
  };

/** Resolves when a connection is refused, however that comes about. */
const refusal = (t: TestContext, url: string, options: IClientOptions): Promise<void> => {
  const client = mqtt.connect(url, { reconnectPeriod: 0, ...options });
  t.after(() => client.end(true));
  return new Promise((resolve, reject) => {
    client.on('error', () => resolve());
    client.on('close', () => resolve());
    client.on('connect', () => reject(new Error('it was let in')));
  });
};

const start = async (t: TestContext) => {
  const file = await usersFile(t, {
    'line-1': 'gateway',
    'line-2': 'gateway',
    otto: 'operator',
    vera: 'viewer',
  });
  const asked: unknown[] = [];
  const fixture = await startBroker(t, {
    outside: { host: '127.0.0.1', port: 0, usersFile: file, tls: null },
    shadow: {
      handle: (topic, body, access) => {
        asked.push([topic, Buffer.from(body).toString(), access]);
        return Promise.resolve();
      },
    },
  });
  const as = connector(t, `mqtt://127.0.0.1:${fixture.broker.outsidePort}`);
  return {
    ...fixture,
    asked,
    file,
    as: (username: string, more = {}) => as({ username, password: PASSWORD, ...more }),
  };
};

test('nobody comes in from outside without a name and password, or with wrong ones, and each is told which it was', async (t) => {
  const { as, lines, broker, connect } = await start(t);
  await assert.rejects(as('line-1', { password: 'wrong' }), { code: 4 });
  await assert.rejects(as('nobody'), { code: 4 });
  await assert.rejects(as('', { username: undefined, password: undefined }), { code: 5 });
  assert.equal(broker.clients(), 0);
  assert.equal(lines.length, 3);
  assert.match(
    lines.join('\n'),
    /its user name or password is wrong, as 'line-1' from 127\.0\.0\.1\n[\s\S]*it gave no user name and password, from 127\.0\.0\.1$/,
  );
  await as('line-1');
  await connect();
  assert.equal(broker.clients(), 2);
});

test('a line of the log stays short, whatever a client calls itself', async (t) => {
  const { as, lines } = await start(t);
  await assert.rejects(as('x'.repeat(60_000), { clientId: '\x1b[2J\n' }), { code: 4 });
  assert.match(lines.join(), /^MQTT: did not let in .{3,9}: its user name or password is wrong, as 'xxx/);
  assert.ok(lines.join().length <= 600);
});

test('of many guesses from one address most are put off, by however many connections they come', async (t) => {
  const { as } = await start(t);
  const guesses = Array.from({ length: 40 }, (_, index) => as(`line-${index}`, { password: 'wrong' }));
  const codes = (await Promise.allSettled(guesses)).map((guess) =>
    guess.status === 'rejected' && 'code' in guess.reason ? guess.reason.code : null,
  );
  assert.ok(
    codes.every((code) => code === 3 || code === 4),
    codes.join(' '),
  );
  assert.ok(codes.filter((code) => code === 3).length > 0, codes.join(' '));
  await as('line-1');
});

test('a gateway publishes under its own name, reads nothing, and is cut off where it speaks for another', async (t) => {
  const { as, received, lines } = await start(t);
  const gateway = await as('line-1');
  await gateway.publishAsync('greengrass/ml/inference/line-1/cyl-1', 'x', { qos: 1 });
  await assert.rejects(gateway.subscribeAsync('greengrass/#'));
  for (const topic of [
    'greengrass/ml/inference/line-2/cyl-1',
    'greengrass/ml/inference/line-11/cyl-1',
    'greengrass/ml/inference',
    'sentinel/ask/status/a',
    'sentinel/notices/local/cyl-1',
    '$aws/things/cyl-1/shadow/name/twin/update',
    'anything',
  ]) {
    const client = await as('line-1', { clientId: topic });
    const gone = closed(client);
    client.publish(topic, 'y', { qos: 1 });
    await gone;
  }
  assert.equal(received.length, 1);
  assert.match(
    lines.join('\n'),
    /gateway 'line-1' may not publish on greengrass\/ml\/inference\/line-2\/cyl-1/,
  );
});

test('an operator may command and a viewer may ask; neither publishes samples, and nobody reports', async (t) => {
  const { as, asked, received } = await start(t);
  const update = '$aws/things/cyl-1/shadow/name/twin/update';
  for (const name of ['otto', 'vera']) {
    const client = await as(name);
    await client.subscribeAsync('#');
    await client.publishAsync(update, name, { qos: 1 });
    const gone = closed(client);
    client.publish('greengrass/ml/inference/otto/cyl-1', 'y', { qos: 1 });
    await gone;
  }
  assert.deepEqual(asked, [
    [update, 'otto', { mayCommand: true, mayReport: false, isTooMany: false }],
    [update, 'vera', { mayCommand: false, mayReport: false, isTooMany: false }],
  ]);
  assert.equal(received.length, 0);
});

test('nobody takes over the session of another user, or of this machine, by its client id', async (t) => {
  const { as, connect } = await start(t);
  const own = await connect({ clientId: 'panel' });
  const one = await as('line-1', { clientId: 'one' });
  await assert.rejects(as('line-2', { clientId: 'panel' }), { code: 2 });
  await assert.rejects(as('line-2', { clientId: 'one', clean: false }), { code: 2 });
  const gone = closed(one);
  await as('line-1', { clientId: 'one' });
  await gone;
  assert.equal(own.connected, true);
});

test('who is taken out of the file of users, or gets another password, is cut off while it is connected', async (t) => {
  const { as, file, lines } = await start(t);
  const [stays, goes] = [await as('line-1'), await as('line-2')];
  const gone = closed(goes);
  writeMqttUsers(
    file,
    readMqttUsers(file).filter(({ name }) => name !== 'line-2'),
  );
  await gone;
  assert.equal(stays.connected, true);
  await assert.rejects(as('line-2'), { code: 4 });
  assert.match(lines[0] ?? '', /gateway 'line-2' is no user any more/);
});

test('the file of users is for its owner alone and holds no password', async (t) => {
  const file = await usersFile(t, { 'line-1': 'gateway' });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(PASSWORD));
  chmodSync(file, 0o644);
  assert.throws(() => readMqttUsers(file), /may be read by others: chmod 600 -- \//);
  assert.throws(() => readMqttUsers(dirname(file)), /is no file: make one with sentinel mqtt-user add$/);
});

test('a client certificate lets in a gateway by its common name, one of another authority or none does not', async (t) => {
  const at = certificates(t, ['line-1']);
  const tls = readTls({ cert: at('server.pem'), key: at('server.key'), ca: at('ca.pem') });
  for (const users of [null, await usersFile(t, { 'line-1': 'viewer', 'line-2': 'gateway' })]) {
    const { broker, received } = await startBroker(t, {
      outside: { host: '127.0.0.1', port: 0, usersFile: users, tls },
      webSocketPort: 0,
    });
    for (const url of [
      `mqtts://127.0.0.1:${broker.outsidePort}`,
      `wss://127.0.0.1:${broker.webSocketPort}`,
    ]) {
      const connect = connector(t, url);
      const ca = readFileSync(at('ca.pem'));
      const shows = (name: string) => ({
        ca,
        cert: readFileSync(at(`${name}.pem`)),
        key: readFileSync(at(`${name}.key`)),
      });
      const gateway = await connect({ ...shows('line-1'), wsOptions: shows('line-1') });
      const gone = closed(gateway);
      gateway.publish('greengrass/ml/inference/line-1/cyl-1', 'x', { qos: 1 }, () => gateway.end(true));
      await gone;
      assert.equal(received.length > 0, users === null);
      await refusal(t, url, { ...shows('stranger'), wsOptions: shows('stranger') });
      await refusal(t, url, { ca, wsOptions: { ca } });
      if (users !== null) await connect({ ca, wsOptions: { ca }, username: 'line-2', password: PASSWORD });
    }
  }
});

test('a page of another site does not reach the broker of this machine through a browser', async (t) => {
  const { broker, received } = await startBroker(t, { webSocketPort: 0 });
  const connect = connector(t, `ws://127.0.0.1:${broker.webSocketPort}`);
  const from = (origin: string) => connect({ wsOptions: { origin } });
  for (const origin of ['https://evil.example', 'null'])
    await refusal(t, `ws://127.0.0.1:${broker.webSocketPort}`, { wsOptions: { origin } });
  const own = await from('http://localhost:8080');
  await own.publishAsync('greengrass/ml/inference/gw/cyl-1', 'x', { qos: 1 });
  await own.publishAsync('greengrass/ml/inference/gw/cyl-1', Buffer.alloc(3_000_000), { qos: 1 });
  assert.deepEqual(
    received.map(({ body }) => body.length),
    [1, 3_000_000],
  );
  assert.equal(broker.outsidePort, null);
});
