import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMessage } from '../../../domain/message/read-message.ts';
import { NUCLEUS_TIMING } from '../../../edge/ipc/confirmation.ts';
import { createIpcTransport, type IpcEvent, MAX_BYTES } from '../../../edge/ipc/ipc-transport.ts';
import {
  type ConnectNucleus,
  type NucleusConnection,
  type NucleusEvent,
  NucleusRefusal,
  openNucleusClient,
} from '../../../edge/ipc/nucleus-client.ts';
import { UndeliverableError } from '../../../edge/publisher/deliver.ts';
import { createPublisher } from '../../../edge/publisher/publisher.ts';
import type { Transport } from '../../../edge/transport/transport.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSamples } from '../queue/queue-samples.ts';
import { connectToDouble, type NucleusDouble, nucleusDouble } from './nucleus-double.ts';

const folder = scratchFolder();
let files = 0;
const PAUSES_MS = [1, 2];

const transportOn = async (double: NucleusDouble, connect?: ConnectNucleus) => {
  const events: (IpcEvent | NucleusEvent)[] = [];
  const onEvent = (event: IpcEvent | NucleusEvent) => void events.push(event);
  const connections: ReturnType<typeof connectToDouble>[] = [];
  const connectToIt = () => {
    const connection = connectToDouble(double);
    connections.push(connection);
    return Promise.resolve(connection);
  };
  const { signal } = new AbortController();
  const nucleus = await openNucleusClient(connect ?? connectToIt, { signal, onEvent, pausesMs: PAUSES_MS });
  const transport = createIpcTransport(
    { nucleus, echoTopic: 'greengrass/ml/echo/gw-1', onEvent },
    { pausesMs: PAUSES_MS, timing: { ...NUCLEUS_TIMING, stepMs: 60_000 } },
  );
  const close = async () => {
    await transport.close();
    await nucleus.close();
  };
  return { nucleus, transport, events, connections, close };
};

const publisherOn = (transport: Transport, timeoutMs = 5000) => {
  const path = join(folder, `queue-${++files}.sqlite`);
  return createPublisher(
    { transport, now: () => 3_600_000 },
    { gateway: 'gw-1', drainPerSecond: 1e6, inFlight: 1, timeoutMs, queue: { path, commitMs: 5 } },
  );
};

const seqsIn = ({ published }: NucleusDouble) =>
  published.flatMap(({ topic, payload }) =>
    readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null }).samples.map(
      ({ seq }) => seq,
    ),
  );
const numbers = (count: number) => Array.from({ length: count }, (_, seq) => seq);

test('samples go out one publish at a time, each below what the nucleus takes, in order', async () => {
  const double = nucleusDouble();
  const { transport } = await transportOn(double);
  const publisher = publisherOn(transport);
  publisher.send(queuedSamples('a', 0, 200));
  await publisher.flush(AbortSignal.timeout(10_000));
  await publisher.close();
  assert.deepEqual(seqsIn(double), numbers(200));
  assert.equal(double.maxAtOnce(), 1);
  assert.ok(double.published.every(({ payload }) => payload.length < 4500));
});

test('while the nucleus is offline samples wait; they follow when it is back, and each turn is told once', async () => {
  const double = nucleusDouble();
  double.setOnline(false);
  const { transport, events } = await transportOn(double);
  const publisher = publisherOn(transport);
  publisher.send(queuedSamples('a', 0, 30));
  while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(double.published.length, 0);
  double.setOnline(true);
  await publisher.flush(AbortSignal.timeout(10_000));
  await publisher.close();
  assert.deepEqual(seqsIn(double), numbers(30));
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['refused', 'back'],
  );
});

test('a topic that is denied is fatal, and what is missing is named', async () => {
  const double = nucleusDouble();
  double.deny('greengrass/ml/inference/');
  const publisher = publisherOn((await transportOn(double)).transport);
  publisher.send(queuedSamples('a', 0, 3));
  await assert.rejects(publisher.ended, (error) => {
    assert.ok(error instanceof UndeliverableError);
    assert.match(
      error.message,
      /denies publishing to greengrass\/ml\/inference\/gw-1\/a .*PublishToIoTCore.*accessControl/,
    );
    return true;
  });
  assert.equal(publisher.queued(), 3);
  await publisher.close();
});

test('the end of the connection ends a publish that would never settle, and the next goes on a new connection', async () => {
  const double = nucleusDouble();
  const { connections, transport, close } = await transportOn(double);
  const published = transport.publish('greengrass/ml/inference/gw-1/a', '{}');
  connections[0]?.drop();
  const answer = await published;
  assert.deepEqual([answer.ok, !answer.ok && answer.reason], [false, 'offline']);
  await transport.ready(new AbortController().signal);
  const again = await transport.publish('greengrass/ml/inference/gw-1/a', '{}');
  assert.equal(again.ok && (await again.confirmed), true);
  assert.equal(connections.length, 2);
  await close();
});

test('a connection that is stuck is replaced and the message repeated on the new one', async () => {
  const double = nucleusDouble();
  const stuck: NucleusConnection = { ...connectToDouble(double), publish: () => new Promise(() => {}) };
  let connects = 0;
  const { transport } = await transportOn(double, () =>
    Promise.resolve(++connects === 1 ? stuck : connectToDouble(double)),
  );
  const publisher = publisherOn(transport, 500);
  publisher.send(queuedSamples('a', 0, 25));
  await publisher.flush(AbortSignal.timeout(10_000));
  await publisher.close();
  assert.deepEqual(seqsIn(double), numbers(25));
});

test('a nucleus that is away is tried again and again; one that knows the process no more is hopeless', async () => {
  const double = nucleusDouble();
  const first = connectToDouble(double);
  let connects = 0;
  const { nucleus, events } = await transportOn(double, () => {
    connects += 1;
    if (connects === 1) return Promise.resolve(first);
    if (connects === 20) return Promise.resolve(connectToDouble(double));
    return Promise.reject(connects < 20 ? new Error('no such file') : new NucleusRefusal('token unknown'));
  });
  first.drop();
  while (connects < 20) await new Promise((resolve) => setTimeout(resolve, 1));
  await nucleus.ready(new AbortController().signal);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['lost', 'found'],
  );
  nucleus.reset();
  assert.equal(await nucleus.hopeless, 'token unknown');
  assert.equal(connects, 25);
});

test('a message that the nucleus would choke on is never given to it', async () => {
  const double = nucleusDouble();
  const { transport } = await transportOn(double);
  assert.equal((await transport.publish('t', 'x'.repeat(MAX_BYTES))).ok, true);
  const answer = await transport.publish('t', 'x'.repeat(MAX_BYTES + 1));
  assert.match(answer.ok ? '' : `${answer.reason} ${answer.message}`, /^fatal .* 5001 bytes to t /);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(double.published.length, 1);
});

test('the double behaves as the nucleus was measured to: of twenty publishes at once half fail, 12 KB end the connection', async () => {
  const connection = connectToDouble(nucleusDouble({ cylinders: 100, isOn: true, name: 'x' }));
  assert.deepEqual(await connection.configuration(), { cylinders: '100', isOn: 'true', name: 'x' });
  const answers = await Promise.all(numbers(20).map((number) => connection.publish(`t/${number}`, '{}')));
  assert.equal(answers.filter(({ ok }) => ok).length, 10);
  assert.equal((await connection.publish('t', 'x'.repeat(6000))).ok, false);
  const dropping = connection.publish('t', 'x'.repeat(12_288));
  assert.equal(await Promise.race([dropping, connection.ended]), undefined);
});

for (const [what, isOfflineBefore, told] of [
  ['one that got no answer is no outage', false, []],
  ['one that got no answer after one that was refused is an outage, told once', true, ['refused', 'back']],
] as const) {
  test(`of the publishes ${what}`, async () => {
    const double = nucleusDouble();
    const asked = Promise.withResolvers<void>();
    let isHanging = false;
    const { transport, events, close } = await transportOn(double, () => {
      const connection = connectToDouble(double);
      const hang = () => {
        asked.resolve();
        return new Promise<never>(() => {});
      };
      const publish: typeof connection.publish = (...of) => (isHanging ? hang() : connection.publish(...of));
      return Promise.resolve({ ...connection, publish });
    });
    const first = await transport.publish('t', '{}');
    assert.equal(first.ok && (await first.confirmed), true);
    double.setOnline(!isOfflineBefore);
    if (isOfflineBefore) assert.equal((await transport.publish('t', '{}')).ok, false);
    isHanging = true;
    const hung = transport.publish('t', '{}');
    await asked.promise;
    transport.reset();
    assert.equal((await hung).ok, false);
    isHanging = false;
    double.setOnline(true);
    await transport.ready(new AbortController().signal);
    assert.equal((await transport.publish('t', '{}')).ok, true);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      told,
    );
    await close();
  });
}
