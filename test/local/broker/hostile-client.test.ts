import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import mqtt from 'mqtt';
import { closed, collect, readToEnd, startBroker } from './broker-fixture.ts';

const TOPIC = 'greengrass/ml/inference/gw-1/cyl-1';
const CONNECT = Buffer.from('\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01r', 'latin1');
const CONNACK = Buffer.from([0x20, 2, 0, 0]);

const publishPacket = (topic: string, body: string, messageId: number): Buffer => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(topic.length);
  const rest = Buffer.concat([
    head,
    Buffer.from(topic),
    Buffer.from([messageId >> 8, messageId & 255]),
    Buffer.from(body),
  ]);
  return Buffer.concat([Buffer.from([0x32, (rest.length & 127) | 128, rest.length >> 7]), rest]);
};

test('an MQTT 5 client is refused with return code 1 and one line that says what to do, however often it tries', async (t) => {
  const { broker, lines, socket } = await startBroker(t);
  const raw = await socket();
  raw.write(Buffer.from('\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01r', 'latin1'));
  assert.deepEqual(await readToEnd(raw), Buffer.from([0x20, 2, 0, 1]));

  for (let i = 0; i < 2; i++) {
    const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, {
      protocolVersion: 5,
      clientId: 'modern',
      reconnectPeriod: 0,
    });
    client.on('error', () => {});
    await closed(client);
    assert.equal(client.connected, false);
  }
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /'modern'.*MQTT 5.*3\.1\.1/);
  assert.equal(broker.clients(), 0);
});

test('an MQTT 3.1 client is served', async (t) => {
  const { connect, received } = await startBroker(t);
  const client = await connect({ protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'old' });
  await client.publishAsync(TOPIC, 'x', { qos: 1 });
  assert.equal(received.length, 1);
});

test('bytes that are not MQTT end their own connection and nothing else', async (t) => {
  const { connect, socket, received, broker } = await startBroker(t);
  const good = await connect({ clientId: 'good' });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.boolean(),
      async (bytes, connected) => {
        const raw = await socket();
        const over = readToEnd(raw);
        raw.end(Buffer.concat([connected ? CONNECT : Buffer.alloc(0), bytes]));
        await over;
      },
    ),
    { numRuns: 300 },
  );
  await good.publishAsync(TOPIC, 'still here', { qos: 1 });
  assert.equal(Buffer.from(received.at(-1)?.body ?? []).toString(), 'still here');
  assert.equal(good.connected, true);
  assert.ok(broker.clients() >= 1);
});

test('a request of another protocol is told on the log', async (t) => {
  const { socket, lines } = await startBroker(t);
  const raw = await socket();
  const over = readToEnd(raw);
  raw.write('GET / HTTP/1.1\r\nHost: sentinel\r\n\r\n');
  await over;
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^MQTT: disconnected 127\.0\.0\.1:\d+/);
});

test('a packet that announces more than 8 MB ends the connection with a line on the log, before it has arrived', async (t) => {
  const { socket, lines, received } = await startBroker(t);
  const raw = await socket();
  const over = readToEnd(raw);
  raw.write(CONNECT);
  await once(raw, 'data');
  raw.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1]));
  await over;
  assert.equal(received.length, 0);
  assert.match(lines.join('\n'), /disconnected r: a packet of 268435455 bytes/);
});

test('what a client sends without waiting for CONNACK is received in order, however it is cut', async (t) => {
  const { socket, received } = await startBroker(t);
  const texts = Array.from({ length: 400 }, (_, i) => `${i}${'.'.repeat(300)}`);
  const bytes = Buffer.concat([CONNECT, ...texts.map((text, i) => publishPacket(TOPIC, text, i + 1))]);
  for (const step of [bytes.length, 7000, 60_001]) {
    received.length = 0;
    const raw = await socket();
    raw.setNoDelay(true);
    for (let at = 0; at < bytes.length; at += step) raw.write(bytes.subarray(at, at + step));
    let answer = Buffer.alloc(0);
    while (answer.length < CONNACK.length + 4 * texts.length) {
      const [chunk] = await once(raw, 'data');
      answer = Buffer.concat([answer, chunk]);
    }
    assert.deepEqual(answer.subarray(0, 4), CONNACK);
    assert.deepEqual(
      received.map(({ body }) => Buffer.from(body).toString()),
      texts,
    );
    raw.destroy();
  }
});

test('a subscriber that does not read holds up nobody else', async (t) => {
  const { socket, connect, received } = await startBroker(t);
  const raw = await socket();
  raw.write(CONNECT);
  await once(raw, 'data');
  raw.pause();
  raw.write(Buffer.from('\x82\x06\x00\x01\x00\x01#\x00', 'latin1'));
  const listener = await connect();
  const delivered = collect(listener);
  await listener.subscribeAsync('greengrass/#', { qos: 1 });
  const flood = await connect();
  for (let i = 0; i < 8; i++) flood.publish('flood', Buffer.alloc(2_000_000), { qos: 1 });
  const sender = await connect();
  await sender.publishAsync(TOPIC, 'through', { qos: 1 });
  assert.deepEqual(await delivered.first(1), ['through']);
  assert.equal(received.length, 1);
});
