import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { closed, collect, startBroker } from './broker-fixture.ts';

test('two clients hear what they subscribed to and nothing else', async (t) => {
  const { connect } = await startBroker(t);
  const [a, b] = [await connect(), await connect()];
  const [deliveredA, deliveredB] = [collect(a), collect(b)];
  await a.subscribeAsync('line/+/temperature', { qos: 1 });
  await b.subscribeAsync('line/#', { qos: 0 });
  for (const topic of ['line/1/temperature', 'line/1/pressure', 'hall/1/temperature', 'line/2/temperature']) {
    await a.publishAsync(topic, topic, { qos: 1 });
  }
  assert.deepEqual(await deliveredB.first(3), [
    'line/1/temperature',
    'line/1/pressure',
    'line/2/temperature',
  ]);
  assert.deepEqual(await deliveredA.first(2), ['line/1/temperature', 'line/2/temperature']);
  await b.unsubscribeAsync('line/#');
  await a.publishAsync('line/3/temperature', 'last', { qos: 1 });
  await deliveredA.first(3);
  assert.equal(deliveredB.texts.length, 3);
});

test('a retained message waits for those who subscribe later, until an empty one takes it away', async (t) => {
  const { broker, connect } = await startBroker(t);
  await broker.publish('status/line', 'running', { retain: true });
  await broker.publish('status/line', 'in passing');
  const late = await connect();
  const retained = new Promise((resolve) =>
    late.once('message', (_, text, { retain }) => resolve([text.toString(), retain])),
  );
  await late.subscribeAsync('status/#', { qos: 1 });
  assert.deepEqual(await retained, ['running', true]);

  await broker.publish('status/line', '', { retain: true });
  const later = await connect();
  const delivered = collect(later);
  await later.subscribeAsync('status/#', { qos: 1 });
  await broker.publish('status/line', 'live');
  assert.deepEqual(await delivered.first(1), ['live']);
});

test('messages that the broker itself sends in one breath all arrive, whatever their kind', async (t) => {
  const { broker, connect } = await startBroker(t);
  const listener = await connect();
  const delivered = collect(listener);
  await listener.subscribeAsync('mixed/#', { qos: 1 });
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      broker.publish(`mixed/${i}`, Buffer.from(`${i}`), { retain: i % 2 === 0 }),
    ),
  );
  assert.equal(new Set(await delivered.first(20)).size, 20);
});

test('a persistent session gets what came while its client was away, once and in order', async (t) => {
  const { broker, connect } = await startBroker(t);
  const options = { clientId: 'away', clean: false } as const;
  const before = await connect(options);
  await before.subscribeAsync('news/#', { qos: 1 });
  await before.endAsync();
  const sender = await connect();
  for (let i = 0; i < 50; i++) await sender.publishAsync(`news/${i}`, `${i}`, { qos: 1 });

  const texts: string[] = [];
  const back = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { ...options, reconnectPeriod: 0 });
  t.after(() => back.end(true));
  const sessionPresent = new Promise((resolve) =>
    back.once('connect', (connack) => resolve(connack.sessionPresent)),
  );
  const all = new Promise<void>((resolve) => {
    back.on('message', (_, payload) => {
      texts.push(payload.toString());
      if (texts.length === 50) resolve();
    });
  });
  assert.equal(await sessionPresent, true);
  await all;
  assert.deepEqual(
    texts,
    Array.from({ length: 50 }, (_, i) => `${i}`),
  );
});

test('a client that vanishes leaves its will', async (t) => {
  const { connect } = await startBroker(t);
  const listener = await connect();
  const delivered = collect(listener);
  await listener.subscribeAsync('wills/#', { qos: 1 });
  const mortal = await connect({
    will: { topic: 'wills/m', payload: Buffer.from('gone'), qos: 1, retain: false },
  });
  mortal.stream.destroy();
  assert.deepEqual(await delivered.first(1), ['gone']);
});

test('a second client with the same id takes the place of the first', async (t) => {
  const { broker, connect } = await startBroker(t);
  const first = await connect({ clientId: 'same' });
  const gone = closed(first);
  const second = await connect({ clientId: 'same' });
  await gone;
  await second.publishAsync('x', 'x', { qos: 1 });
  assert.equal(broker.clients(), 1);
});

test('who subscribes twice to a topic gets a message at least once, and once more at most', async (t) => {
  const { broker, connect } = await startBroker(t);
  const listener = await connect();
  const delivered = collect(listener);
  await listener.subscribeAsync('line/#', { qos: 1 });
  await listener.subscribeAsync('line/+', { qos: 0 });
  await broker.publish('line/1', 'one');
  await broker.publish('line/1/end', 'end');
  while (!delivered.texts.includes('end')) await new Promise((resolve) => setImmediate(resolve));
  const copies = delivered.texts.filter((text) => text === 'one').length;
  assert.ok(copies === 1 || copies === 2, `${copies} copies`);
});

test('a shared subscription is refused, which no version before 5 has', async (t) => {
  const { connect } = await startBroker(t);
  const client = await connect();
  await assert.rejects(client.subscribeAsync('$share/group/line/#', { qos: 1 }));
});

test('a session that is to be kept needs a client id; one that is not gets a name of its own', async (t) => {
  const { socket, lines } = await startBroker(t);
  const codeOf = async (flags: number): Promise<number | undefined> => {
    const raw = await socket();
    raw.write(Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, flags, 0, 0, 0, 0]));
    const [connack] = await once(raw, 'data');
    return connack[3];
  };
  assert.deepEqual([await codeOf(2), await codeOf(0)], [0, 2]);
  assert.match(lines.join(), /it wants its session kept and gives no client id \(MQTT-3\.1\.3-8\)/);
});
