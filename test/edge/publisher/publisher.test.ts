import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { EncodedMessage } from '../../../edge/message/encode-message.ts';
import {
  type ConnectedPublisher,
  type ConnectionEvent,
  createPublisher,
  type PublisherOptions,
} from '../../../edge/publisher/publisher.ts';
import { startBroker } from './test-broker.ts';

const connect = async (
  options: Omit<PublisherOptions, 'clientId'>,
): Promise<ConnectedPublisher & AsyncDisposable> => {
  const created = await createPublisher({ clientId: 'gateway-1', retryMs: [20], ...options });
  assert.ok(created.ok, created.ok ? '' : created.error.message);
  const { publisher } = created;
  return { ...publisher, [Symbol.asyncDispose]: publisher.close };
};

const refusal = async (options: Omit<PublisherOptions, 'clientId'>): Promise<string> => {
  const created = await createPublisher({ clientId: 'gateway-1', ...options });
  assert.ok(!created.ok);
  return created.error.message;
};

const message = (number: number): EncodedMessage => ({
  topic: `greengrass/ml/inference/gw/cyl-0${number % 3}`,
  payload: String(number),
  samples: 2,
});

test('everything sent arrives with QoS 1, in order, and is counted when it is acknowledged', async () => {
  await using broker = await startBroker();
  await using publisher = await connect({ url: broker.url });
  const sent = Array.from({ length: 300 }, (_, number) => message(number));
  for (const each of sent) await publisher.send(each);
  await publisher.flush();
  assert.equal(publisher.acknowledged(), 600);
  assert.deepEqual(
    broker.received,
    sent.map(({ topic, payload }) => ({ topic, payload, dup: false })),
  );
});

test('no more than the given number is ever unacknowledged: the next one waits', async () => {
  const held: (() => void)[] = [];
  await using broker = await startBroker({
    authorizePublish: (_client, _packet, done) => held.push(() => done(null)),
  });
  await using publisher = await connect({ url: broker.url, inFlight: 5 });
  for (let number = 0; number < 5; number += 1) await publisher.send(message(number));
  let isTaken = false;
  const sixth = publisher.send(message(5)).then(() => {
    isTaken = true;
  });
  while (held.length < 5) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isTaken, false);
  held.shift()?.();
  await sixth;
  assert.equal(publisher.acknowledged(), 2);
  const flushed = publisher.flush();
  while (publisher.acknowledged() < 12) {
    held.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await flushed;
});

test('when the broker dies and comes back, what it had not acknowledged comes again, in order, and nothing is missing', async () => {
  await using first = await startBroker({
    // The 40th and later messages are never acknowledged.
    authorizePublish: (_client, packet, done) => {
      if (Number(packet.payload) < 40) done(null);
    },
  });
  const events: ConnectionEvent['kind'][] = [];
  await using publisher = await connect({ url: first.url, onConnection: ({ kind }) => events.push(kind) });
  for (let number = 0; number < 60; number += 1) await publisher.send(message(number));
  while (publisher.acknowledged() < 80) await new Promise((resolve) => setImmediate(resolve));
  await first.kill();
  const later = (async () => {
    for (let number = 60; number < 200; number += 1) await publisher.send(message(number));
    await publisher.flush();
  })();
  while (!events.includes('failed')) await new Promise((resolve) => setTimeout(resolve, 5));
  await using second = await startBroker({}, first.port);
  await later;
  assert.deepEqual(
    second.received.map(({ payload }) => Number(payload)),
    Array.from({ length: 160 }, (_, index) => 40 + index),
  );
  assert.equal(publisher.acknowledged(), 400);
  assert.equal(events[0], 'lost');
  assert.equal(events.at(-1), 'back');
});

test('a broker killed again and again in the middle of traffic loses nothing and keeps the order of first arrivals', async () => {
  await using brokers = new AsyncDisposableStack();
  let broker = brokers.use(await startBroker());
  await using publisher = await connect({ url: broker.url });
  const all: string[] = [];
  const sending = (async () => {
    for (let number = 0; number < 2000; number += 1) await publisher.send(message(number));
    await publisher.flush();
  })();
  for (let kill = 0; kill < 5; kill += 1) {
    while (broker.received.length < 100 + kill * 37) await new Promise((resolve) => setImmediate(resolve));
    await broker.kill();
    all.push(...broker.received.map(({ payload }) => payload));
    broker = brokers.use(await startBroker({}, broker.port));
  }
  await sending;
  all.push(...broker.received.map(({ payload }) => payload));
  const firstArrivals = [...new Set(all)].map(Number);
  assert.deepEqual(
    firstArrivals,
    Array.from({ length: 2000 }, (_, number) => number),
  );
});

test('a publisher that is closed while the broker is gone stops, and takes nothing more', async () => {
  await using broker = await startBroker();
  await using publisher = await connect({ url: broker.url });
  await broker.kill();
  await publisher.send(message(1));
  await publisher.close();
  assert.equal(publisher.acknowledged(), 0);
  await assert.rejects(publisher.send(message(2)), /closed/);
});

test('user name and password are used, and a broker that refuses them is named without the password', async () => {
  await using broker = await startBroker({
    authenticate: (_client, username, password, done) => {
      const isKnown = username === 'line-1' && String(password) === 'secret';
      done(isKnown ? null : Object.assign(new Error('unknown'), { returnCode: 4 }), isKnown);
    },
  });
  const apart = await connect({ url: broker.url, username: 'line-1', password: 'secret' });
  await apart.close();
  const inUrl = await connect({ url: `mqtt://line-1:secret@127.0.0.1:${broker.port}` });
  await inUrl.close();
  const refused = await refusal({ url: `mqtt://line-1:wrong@127.0.0.1:${broker.port}` });
  assert.equal(refused, `mqtt://127.0.0.1:${broker.port} refuses the user name or password; check both`);
});

test('a broker that is not there is told with its address and what to do', async () => {
  await using broker = await startBroker();
  await broker.kill();
  assert.match(
    await refusal({ url: broker.url }),
    new RegExp(`^${broker.url} cannot be reached: nothing listens there; start the broker`),
  );
});

test('something that is no broker is told as such', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  assert.match(
    await refusal({ url: `mqtt://127.0.0.1:${port}` }),
    new RegExp(`^mqtt://127.0.0.1:${port} does not speak MQTT 3.1.1: .*; check host and port$`),
  );
  server.close();
});

for (const url of ['localhost:1883', '127.0.0.1', 'http://127.0.0.1:1883', 'mqtt://', '']) {
  test(`"${url}" is refused as no broker's address`, async () => {
    assert.match(await refusal({ url }), /is no broker's address; write it as mqtt:\/\/host:1883$/);
  });
}
