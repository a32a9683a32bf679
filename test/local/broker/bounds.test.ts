import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { connectionsByDescriptors, createAllowance, limitedLog } from '../../../local/broker/bounds.ts';
import { createClientSessions } from '../../../local/broker/client-sessions.ts';
import { createFairIntake } from '../../../local/broker/publish-gate.ts';
import { closed, collect, startBroker } from './broker-fixture.ts';

const TOPIC = 'greengrass/ml/inference/gw-1/cyl-1';

test('who has retained as much as one may is cut off, samples are taken in all the same, and others still retain', async (t) => {
  const { connect, received } = await startBroker(t, { bounds: { retained: { messages: 8, bytes: 4000 } } });
  const [greedy, other] = [await connect({ clientId: 'greedy' }), await connect({ clientId: 'other' })];
  for (const topic of ['a/1', 'a/2', 'a/2']) await greedy.publishAsync(topic, 'x', { qos: 1, retain: true });
  await greedy.publishAsync(TOPIC, 'x', { qos: 1, retain: true });
  assert.equal(received.length, 1);
  const gone = closed(greedy);
  greedy.publish('a/3', 'x', { qos: 1, retain: true });
  await gone;
  await other.publishAsync('b/1', 'x', { qos: 1, retain: true });
  const large = await connect({ clientId: 'large' });
  const cut = closed(large);
  large.publish('c', 'x'.repeat(1001), { qos: 1, retain: true });
  await cut;
  const reader = await connect();
  const { first } = collect(reader);
  await reader.subscribeAsync(['+/1', '#'], { qos: 1 });
  assert.equal((await first(5)).length, 5);
  assert.equal(other.connected, true);
});

test('a subscription beyond the bound is refused by itself, and there is room again after another is given up', async (t) => {
  const { connect, lines } = await startBroker(t, { bounds: { subscriptions: { ofClient: 2, all: 3 } } });
  const client = await connect();
  await client.subscribeAsync(['a', 'b'], { qos: 1 });
  await client.subscribeAsync('a', { qos: 0 });
  await assert.rejects(client.subscribeAsync('c'));
  await client.unsubscribeAsync('a');
  await client.subscribeAsync('c');
  const other = await connect();
  await other.subscribeAsync('a');
  await assert.rejects(other.subscribeAsync('b'));
  const left = closed(client);
  client.end(true);
  await left;
  while ((await other.subscribeAsync('b').catch(() => null)) === null);
  assert.match(lines[0] ?? '', /may not subscribe to c: it has as many subscriptions/);
});

test('a session that would be one too many is refused, and a clean one is not', async (t) => {
  const { connect } = await startBroker(t, { bounds: { sessions: 1 } });
  await connect({ clientId: 'one', clean: false });
  await connect({ clientId: 'one', clean: false });
  await assert.rejects(connect({ clientId: 'two', clean: false }), { code: 2 });
  await connect({ clientId: 'two' });
});

test('the session that was away longest makes room after an hour', () => {
  let now = 0;
  const forgotten: string[] = [];
  const bounds = { sessions: 1, subscriptions: { ofClient: 9, all: 9 } };
  const sessions = createClientSessions(
    bounds,
    () => now,
    (id) => forgotten.push(id),
  );
  const [a, b] = [{}, {}];
  const of = (id: string, connection: object) => ({ id, owner: 'x', connection, isLasting: true });
  assert.equal(sessions.open(of('a', a)), null);
  sessions.leave('a', a);
  now = 3_599_999;
  assert.match(sessions.open(of('b', b)) ?? '', /1 sessions are kept already/);
  now = 3_600_000;
  assert.equal(sessions.open(of('b', b)), null);
  assert.deepEqual(forgotten, ['a']);
});

test('a connection beyond the bound is told so with return code 3, and others stay', async (t) => {
  const { connect, broker } = await startBroker(t, { bounds: { connections: 2 } });
  const [one, two] = [await connect(), await connect()];
  const third = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 });
  const refused = new Promise((resolve) => third.on('error', resolve));
  const { code }: mqtt.ErrorWithReasonCode = Object.assign(
    new mqtt.ErrorWithReasonCode('', 0),
    await refused,
  );
  assert.equal(code, 3);
  third.end(true);
  const left = closed(one);
  one.end(true);
  await left;
  assert.equal(two.connected, true);
});

test('connections leave descriptors to files, however few there are', () => {
  assert.equal(connectionsByDescriptors(64, 30), 10);
  assert.equal(connectionsByDescriptors(32, 30), 4);
  assert.equal(connectionsByDescriptors(1_000_000, 30), 4096);
});

test('changes of shadows by one connection are bounded, and those of another are not touched', async (t) => {
  const asked: boolean[] = [];
  const { connect } = await startBroker(t, {
    bounds: { shadowWrites: { burst: 2, perSecond: 0 } },
    shadow: {
      handle: (_, __, { isTooMany }) => {
        asked.push(isTooMany);
        return Promise.resolve();
      },
    },
  });
  const [one, two] = [await connect(), await connect()];
  for (const client of [one, one, one, two])
    await client.publishAsync('$aws/things/cyl-1/shadow/update', '{}', { qos: 1 });
  assert.deepEqual(asked, [false, false, true, false]);
});

test('who sends a flood waits behind it, and another is taken in with what is under way', async () => {
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const intake = createFairIntake({ messages: 2, bytes: 100 });
  const send = (client: string, name: string): Promise<void> =>
    intake(client, 1, () => {
      begun.push(name);
      return new Promise((resolve) => ends.push(resolve));
    });
  const all = [1, 2, 3, 4, 5, 6].map((i) => send('flood', `flood ${i}`));
  all.push(send('other', 'other 1'), send('other', 'other 2'));
  for (let i = 0; i < 8; i++) {
    while (ends.length <= i) await new Promise((resolve) => setImmediate(resolve));
    ends[i]?.();
  }
  await Promise.all(all);
  assert.deepEqual(begun, [
    'flood 1',
    'flood 2',
    'flood 3',
    'other 1',
    'flood 4',
    'other 2',
    'flood 5',
    'flood 6',
  ]);
});

test('a flood of one client does not keep another waiting: it is read and stored in between', async (t) => {
  let stored = 0;
  const before: number[] = [];
  const { connect, socket } = await startBroker(t, {
    bounds: { storing: { messages: 50, bytes: 1_000_000 } },
    receive: async ({ clientId }) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (clientId === 'r') stored += 1;
    },
  });
  const victim = await connect({ clientId: 'victim' });
  const raw = await socket();
  raw.write(Buffer.from('\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01r', 'latin1'));
  await once(raw, 'data');
  raw.on('data', () => {});
  const packet = Buffer.concat([
    Buffer.from([0x32, TOPIC.length + 4, 0, TOPIC.length]),
    Buffer.from(TOPIC),
    Buffer.from([0, 1]),
  ]);
  raw.write(Buffer.concat(Array.from({ length: 20_000 }, () => packet)));
  while (stored < 100) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 5; i++) {
    await victim.publishAsync(TOPIC, 'x', { qos: 1 });
    before.push(stored);
  }
  assert.ok((before[0] ?? 0) < 10_000, `${before} of 20000 were stored before the others got through`);
});

test('an allowance comes back with time and never exceeds its burst', () => {
  const allowance = createAllowance({ burst: 2, perSecond: 1 });
  assert.deepEqual(
    [0, 0, 0, 999, 1000, 9000, 9000, 9000].map((ms) => allowance.take(1, ms)),
    [true, true, false, false, true, true, true, false],
  );
});

test('a log gets ten lines a minute of one cause, each client once an hour, and how many were left out', () => {
  const lines: string[] = [];
  let now = 0;
  const log = limitedLog(
    (line) => lines.push(line),
    () => now,
  );
  for (let i = 0; i < 5000; i++) log('refused', `client ${i}`, `refused ${i}`);
  for (let i = 0; i < 3; i++) log('other', 'same', 'other');
  assert.equal(lines.length, 11);
  now = 60_000;
  log('refused', 'client new', 'refused again');
  assert.deepEqual(lines.slice(-2), [
    'MQTT: 4990 more lines like the next one were left out',
    'refused again',
  ]);
});

test('what a client calls itself reaches the log on one line and without escapes', async (t) => {
  const { connect, lines } = await startBroker(t);
  const client = await connect({ clientId: 'evil\x1b[2J\r\nMQTT: all is well\u202e' });
  const gone = closed(client);
  client.publish('$SYS/x', 'x', { qos: 1 });
  await gone;
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /disconnected evil�\[2J��MQTT: all is well�: \$SYS/);
});
