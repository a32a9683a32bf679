import assert from 'node:assert/strict';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { closed, collect, startBroker } from './broker-fixture.ts';

const TOPIC = 'greengrass/ml/inference/gw-1/cyl-1';

/** A store that finishes when it is asked to. */
const heldStore = () => {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    waiting,
    receive: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
    settled: async (count: number) => {
      while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

for (const qos of [1, 2] as const) {
  test(`a QoS ${qos} message is acknowledged and forwarded only after it is stored`, async (t) => {
    const store = heldStore();
    const { connect } = await startBroker(t, store);
    const listener = await connect();
    const delivered = collect(listener);
    await listener.subscribeAsync('greengrass/#');
    const sender = await connect();
    const order: string[] = [];
    const acknowledged = sender.publishAsync(TOPIC, 'x', { qos }).then(() => order.push('acknowledged'));

    await store.settled(1);
    await sender.publishAsync('elsewhere', 'the broker answers meanwhile', { qos: 0 });
    const other = await connect();
    await other.publishAsync('greengrass/elsewhere', 'other', { qos: 1 });
    assert.deepEqual(await delivered.first(1), ['other']);
    assert.equal(order.length, 0);
    order.push('stored');
    store.waiting[0]?.resolve();

    await acknowledged;
    assert.deepEqual(order, ['stored', 'acknowledged']);
    assert.deepEqual(await delivered.first(2), ['other', 'x']);
  });
}

test('a client has many messages in flight, received in the order in which it sent them', async (t) => {
  const store = heldStore();
  const { connect, received } = await startBroker(t, store);
  const sender = await connect();
  const texts = Array.from({ length: 1500 }, (_, i) => `${i} ${'.'.repeat(400)}`);
  const all = Promise.all(
    texts.map((text, i) => sender.publishAsync(TOPIC, text, { qos: i % 3 === 2 ? 2 : 1 })),
  );

  let commits = 0;
  for (let stored = 0; stored < texts.length; commits++) {
    await store.settled(stored + 1);
    await new Promise((resolve) => setImmediate(resolve));
    for (; stored < store.waiting.length; stored++) store.waiting[stored]?.resolve();
  }
  await all;
  assert.ok(commits < texts.length / 20, `${commits} commits`);
  assert.deepEqual(
    received.map(({ body }) => Buffer.from(body).toString()),
    texts,
  );
});

test('a message that is stored before an earlier one is acknowledged before it', async (t) => {
  const store = heldStore();
  const { connect } = await startBroker(t, store);
  const sender = await connect();
  const order: number[] = [];
  const all = [0, 1, 2].map((i) => sender.publishAsync(TOPIC, `${i}`, { qos: 1 }).then(() => order.push(i)));
  await store.settled(3);
  for (const i of [2, 0, 1]) {
    store.waiting[i]?.resolve();
    await all[i];
  }
  assert.deepEqual(order, [2, 0, 1]);
});

test('a message that could not be stored is never acknowledged, and comes again when the client reconnects', async (t) => {
  let failures = 2;
  const { broker, received, lines, connect } = await startBroker(t, {
    receive: () => (failures-- > 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve()),
  });
  const bystander = await connect({ clientId: 'bystander' });
  const delivered = collect(bystander);
  await bystander.subscribeAsync('greengrass/#');
  const sender = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, {
    clientId: 'sender',
    clean: false,
    reconnectPeriod: 1,
  });
  t.after(() => sender.end(true));
  await sender.publishAsync(TOPIC, 'precious', { qos: 1 });
  assert.equal(received.length, 3);
  assert.deepEqual(await delivered.first(1), ['precious']);
  assert.equal(bystander.connected, true);
  assert.equal(
    lines.filter((line) => line.includes('sender') && line.includes('the disk is full')).length,
    2,
  );
});

test('a failed message takes with it the later ones of its client that are not stored yet, and no other client', async (t) => {
  const store = heldStore();
  const { connect, lines } = await startBroker(t, store);
  const [first, second] = [await connect({ clientId: 'first' }), await connect({ clientId: 'second' })];
  const lost = [1, 2, 3].map((i) =>
    first.publishAsync(TOPIC, `${i}`, { qos: 1 }).then(
      () => i,
      () => 'no',
    ),
  );
  await store.settled(3);
  const kept = second.publishAsync(TOPIC, 'kept', { qos: 1 });
  await store.settled(4);

  const gone = closed(first);
  store.waiting[0]?.reject(new Error('the disk is full'));
  await gone;
  for (const { resolve } of store.waiting) resolve();
  await kept;
  first.end(true);
  assert.deepEqual(await Promise.all(lost), ['no', 'no', 'no']);
  assert.equal(lines.length, 1);
});

test('a store that throws instead of rejecting is a failed message too', async (t) => {
  const { connect, lines } = await startBroker(t, {
    receive: () => {
      throw new Error('broken');
    },
  });
  const sender = await connect();
  const gone = closed(sender);
  sender.publish(TOPIC, 'x', { qos: 1 });
  await gone;
  assert.match(lines[0] ?? '', /broken/);
});

test('only what lies under the inference topic is stored', async (t) => {
  const { connect, received } = await startBroker(t);
  const sender = await connect();
  const topics = [
    'greengrass/ml/inferences/a/b',
    'greengrass/ml',
    TOPIC,
    `${TOPIC}/`,
    'greengrass/ml/inference',
  ];
  for (const topic of topics) await sender.publishAsync(topic, topic, { qos: 1 });
  for (const qos of [0, 1, 2] as const) await sender.publishAsync(TOPIC, `${qos}`, { qos });
  await sender.publishAsync('end', '', { qos: 1 });
  assert.deepEqual(
    received.map(({ topic }) => topic),
    [TOPIC, `${TOPIC}/`, 'greengrass/ml/inference', TOPIC, TOPIC, TOPIC],
  );
});

test('three megabytes arrive whole', async (t) => {
  const { connect, received } = await startBroker(t);
  const sender = await connect({ clientId: 'large' });
  const payload = Buffer.alloc(3_000_000, 'abcdefg');
  await sender.publishAsync(TOPIC, payload, { qos: 1 });
  const [message] = received;
  assert.ok(message);
  assert.equal(message.clientId, 'large');
  assert.ok(payload.equals(message.body));
});
