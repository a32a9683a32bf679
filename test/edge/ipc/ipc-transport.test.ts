import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMessage } from '../../../domain/message/read-message.ts';
import {
  createIpcTransport,
  type IpcEvent,
  MAX_BYTES,
  type NucleusConnection,
} from '../../../edge/ipc/ipc-transport.ts';
import { UndeliverableError } from '../../../edge/publisher/deliver.ts';
import { createPublisher } from '../../../edge/publisher/publisher.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSamples } from '../queue/queue-samples.ts';
import { connectToDouble, type NucleusDouble, nucleusDouble } from './nucleus-double.ts';

const folder = scratchFolder();
let files = 0;
const PAUSES_MS = [1, 2];

const transportOn = (double: NucleusDouble, connect = () => Promise.resolve(connectToDouble(double))) => {
  const lost: string[] = [];
  const events: IpcEvent[] = [];
  const first = connectToDouble(double);
  const onLost = (message: string) => void lost.push(message);
  const transport = createIpcTransport(
    { first, connect, onLost, onEvent: (event) => void events.push(event) },
    PAUSES_MS,
  );
  return { first, transport, lost, events };
};

const publisherOn = (transport: ReturnType<typeof transportOn>['transport'], timeoutMs = 5000) => {
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
  const { transport } = transportOn(double);
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
  const { transport, events, lost } = transportOn(double);
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
  assert.deepEqual(lost, []);
});

test('a topic that is denied is fatal, and what is missing is named', async () => {
  const double = nucleusDouble();
  double.deny('greengrass/ml/inference/');
  const publisher = publisherOn(transportOn(double).transport);
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

test('the end of the connection ends a publish that would never settle, and is told once', async () => {
  const double = nucleusDouble();
  const { first, transport, lost } = transportOn(double);
  const published = transport.publish('greengrass/ml/inference/gw-1/a', '{}');
  first.drop();
  const answer = await published;
  assert.deepEqual([answer.ok, !answer.ok && answer.reason], [false, 'offline']);
  assert.deepEqual(lost, ['the connection to the nucleus was lost']);
  await transport.close();
});

test('a connection that is stuck is replaced and the message repeated on the new one', async () => {
  const double = nucleusDouble();
  const stuck: NucleusConnection = { ...connectToDouble(double), publish: () => new Promise(() => {}) };
  const lost: string[] = [];
  const transport = createIpcTransport(
    {
      first: stuck,
      connect: () => Promise.resolve(connectToDouble(double)),
      onLost: (message) => lost.push(message),
    },
    PAUSES_MS,
  );
  const publisher = publisherOn(transport, 20);
  publisher.send(queuedSamples('a', 0, 25));
  await publisher.flush(AbortSignal.timeout(10_000));
  await publisher.close();
  assert.deepEqual(seqsIn(double), numbers(25));
  assert.deepEqual(lost, []);
});

test('a connection that is stuck and cannot be replaced is lost', async () => {
  const double = nucleusDouble();
  const { transport, lost } = transportOn(double, () => Promise.reject(new Error('no such file')));
  transport.reset();
  await transport.ready(new AbortController().signal);
  assert.deepEqual(lost, ['the nucleus does not answer any more: no such file']);
  await transport.close();
});

test('a message that the nucleus would choke on is never given to it', async () => {
  const double = nucleusDouble();
  const { transport } = transportOn(double);
  assert.deepEqual(await transport.publish('t', 'x'.repeat(MAX_BYTES)), { ok: true });
  const answer = await transport.publish('t', 'x'.repeat(MAX_BYTES + 1));
  assert.match(answer.ok ? '' : `${answer.reason} ${answer.message}`, /^fatal .* 5001 bytes to t /);
  assert.equal(double.published.length, 1);
});

test('our own closing is no loss', async () => {
  const { first, transport, lost } = transportOn(nucleusDouble());
  await transport.close();
  first.drop();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(lost, []);
});

test('the double behaves as the nucleus was measured to: of forty publishes at once half fail, 12 KB end the connection', async () => {
  const connection = connectToDouble(nucleusDouble({ cylinders: 100, isOn: true, name: 'x' }));
  assert.deepEqual(await connection.configuration(), { cylinders: '100', isOn: 'true', name: 'x' });
  const answers = await Promise.all(numbers(40).map((number) => connection.publish(`t/${number}`, '{}')));
  assert.equal(answers.filter(({ ok }) => ok).length, 20);
  assert.equal((await connection.publish('t', 'x'.repeat(6000))).ok, false);
  const dropping = connection.publish('t', 'x'.repeat(12_288));
  assert.equal(await Promise.race([dropping, connection.ended]), undefined);
});
