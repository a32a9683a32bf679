import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { readMessage } from '../../../domain/message/read-message.ts';
import { type ConnectPublisherOptions, connectPublisher } from '../../../edge/publisher/connect-publisher.ts';
import type { Publisher } from '../../../edge/publisher/publisher.ts';
import type { MqttConnectionEvent } from '../../../edge/transport/mqtt-transport.ts';
import { queuedSample, queuedSamples } from '../queue/queue-samples.ts';
import { type Received, startBroker } from './test-broker.ts';

type Options = Pick<ConnectPublisherOptions, 'url' | 'username' | 'password' | 'onConnection'>;

const ABOUT = { clientId: 'gateway-1', gateway: 'gw', retryMs: [20], now: () => 0 };

const connect = async (options: Options): Promise<Publisher & AsyncDisposable> => {
  const publisher = await connectPublisher({ ...ABOUT, ...options });
  return { ...publisher, [Symbol.asyncDispose]: publisher.close };
};

const refusal = (options: Options): Promise<string> =>
  connectPublisher({ ...ABOUT, ...options }).then(
    () => assert.fail('it was not refused'),
    (error: Error) => error.message,
  );

const flushed = (publisher: Publisher) => publisher.flush(AbortSignal.timeout(20_000));

const seqsIn = (received: readonly Received[]): number[] =>
  received.flatMap(({ topic, payload }) =>
    readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null }).samples.flatMap(
      ({ seq }) => seq ?? [],
    ),
  );

test('everything sent arrives with QoS 1, in order, and is counted when it is acknowledged', async () => {
  await using broker = await startBroker();
  await using publisher = await connect({ url: broker.url });
  for (let seq = 0; seq < 600; seq += 1) publisher.send([queuedSample('a', seq)]);
  await flushed(publisher);
  assert.equal(publisher.acknowledged(), 600);
  assert.equal(publisher.queued(), 0);
  assert.deepEqual(
    seqsIn(broker.received),
    Array.from({ length: 600 }, (_, seq) => seq),
  );
  assert.ok(broker.received.every(({ dup }) => !dup));
});

test('when the broker dies and comes back, what it had not acknowledged comes again, in order, and nothing is missing', async () => {
  await using first = await startBroker({
    // What begins with sample 400 and later is never acknowledged.
    authorizePublish: (_client, packet, done) => {
      if (!/"seq":4\d\d,/.test(String(packet.payload))) done(null);
    },
  });
  const events: MqttConnectionEvent['kind'][] = [];
  await using publisher = await connect({ url: first.url, onConnection: ({ kind }) => events.push(kind) });
  publisher.send(queuedSamples('a', 0, 500));
  while (publisher.acknowledged() < 400) await new Promise((resolve) => setImmediate(resolve));
  await first.kill();
  publisher.send(queuedSamples('a', 500, 900));
  while (!events.includes('failed')) await new Promise((resolve) => setTimeout(resolve, 5));
  await using second = await startBroker({}, first.port);
  await flushed(publisher);
  assert.deepEqual(
    seqsIn(second.received),
    Array.from({ length: 500 }, (_, index) => 400 + index),
  );
  assert.equal(publisher.acknowledged(), 900);
  assert.equal(
    events.find((kind) => kind !== 'connected'),
    'lost',
  );
  assert.equal(events.at(-1), 'back');
});

test('a broker killed again and again in the middle of traffic loses nothing and keeps the order of first arrivals', async () => {
  await using brokers = new AsyncDisposableStack();
  let broker = brokers.use(await startBroker());
  await using publisher = await connect({ url: broker.url });
  const all: number[] = [];
  for (let seq = 0; seq < 20_000; seq += 1) publisher.send([queuedSample('a', seq)]);
  const sending = flushed(publisher);
  for (let kill = 0; kill < 5; kill += 1) {
    while (broker.received.length < 100 + kill * 37) await new Promise((resolve) => setImmediate(resolve));
    await broker.kill();
    all.push(...seqsIn(broker.received));
    broker = brokers.use(await startBroker({}, broker.port));
  }
  await sending;
  all.push(...seqsIn(broker.received));
  assert.deepEqual(
    [...new Set(all)],
    Array.from({ length: 20_000 }, (_, seq) => seq),
  );
});

test('a publisher that is closed while the broker is gone stops', async () => {
  await using broker = await startBroker();
  await using publisher = await connect({ url: broker.url });
  await broker.kill();
  publisher.send([queuedSample('a', 1)]);
  await publisher.close();
  assert.equal(publisher.acknowledged(), 0);
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
