import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { createBroker } from '../../../local/broker/create-broker.ts';
import { closed as connectionClosed, startBroker } from './broker-fixture.ts';

const TOPIC = 'greengrass/ml/inference/gw-1/cyl-1';
const stored = () => Promise.resolve();

test('what is being stored when the broker closes is still acknowledged, and nothing after it is taken in', async (t) => {
  let finish = (): void => {};
  const { broker, connect, received } = await startBroker(t, {
    receive: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  const sender = await connect();
  const acknowledged = sender.publishAsync(TOPIC, 'last', { qos: 1 });
  while (received.length < 1) await new Promise((resolve) => setImmediate(resolve));
  const gone = connectionClosed(sender);
  const closed = broker.close();
  sender.publish(TOPIC, 'too late', { qos: 1 });
  // The sockets are of this process: what was sent is there within a few turns.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  finish();
  await acknowledged;
  await closed;
  await gone;
  assert.equal(received.length, 1);
  assert.equal(broker.clients(), 0);
});

test('a store that never finishes does not keep the broker from closing', async (t) => {
  const { broker, connect, received } = await startBroker(t, { receive: () => new Promise(() => {}) });
  const sender = await connect();
  sender.publish(TOPIC, 'x', { qos: 1 });
  while (received.length < 1) await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([broker.close(), broker.close()]);
  await assert.rejects(broker.publish('x', 'x'));
});

test('connections that never said CONNECT end with the broker', async (t) => {
  const { broker, socket } = await startBroker(t);
  const raw = await socket();
  const gone = once(raw, 'close');
  raw.resume();
  await broker.close();
  await gone;
});

test('a busy port is an error that says what to do', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  await assert.rejects(
    createBroker({ host: '127.0.0.1', port: address.port, receive: stored, log: () => {} }),
    {
      code: 'EADDRINUSE',
      message: `port ${address.port} on 127.0.0.1 is in use: stop the other program or choose another with --mqtt-port`,
    },
  );
});

test('an address that is not of this machine is an error that says what to do', async () => {
  await assert.rejects(
    createBroker({ host: '192.0.2.1', port: 0, receive: stored, log: () => {} }),
    (error: unknown) =>
      error instanceof Error &&
      /192\.0\.2\.1.*127\.0\.0\.1/.test(error.message) &&
      error.cause instanceof Error,
  );
});
