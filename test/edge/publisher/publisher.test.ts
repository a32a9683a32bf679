import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMessage } from '../../../domain/message/read-message.ts';
import type { Sample } from '../../../domain/message/sample.ts';
import { createPublisher, type Publisher, type PublisherOptions } from '../../../edge/publisher/publisher.ts';
import type { Published, Transport } from '../../../edge/transport/transport.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSamples } from '../queue/queue-samples.ts';

const folder = scratchFolder();
let files = 0;

type Published1 = Readonly<{ topic: string; payload: string }>;
type Answer = (message: Published1, number: number) => Published | 'never';

/** An transport in memory that answers each publish as it is told to, and remembers what it acknowledged. */
const fakeTransport = (answer: Answer = () => ({ ok: true })) => {
  const arrived: Published1[] = [];
  let [resets, asked, open, maxOpen] = [0, 0, 0, 0];
  const transport: Transport = {
    ready: () => new Promise((resolve) => setImmediate(resolve)),
    async publish(topic, payload) {
      const published = answer({ topic, payload }, asked++);
      if (published === 'never') return new Promise(() => {});
      open += 1;
      maxOpen = Math.max(maxOpen, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      if (published.ok) arrived.push({ topic, payload });
      return published;
    },
    reset() {
      resets += 1;
    },
    close: () => Promise.resolve(),
  };
  return { transport, arrived, resets: () => resets, maxOpen: () => maxOpen };
};

const OFFLINE: Published = { ok: false, reason: 'offline', message: 'away' };

const open = (transport: Transport, nowMs: number, options: Partial<PublisherOptions> = {}) => {
  const path = join(folder, `queue-${++files}.sqlite`);
  const publisher = createPublisher(
    { transport, now: () => nowMs },
    { gateway: 'gw-1', drainPerSecond: 1e6, queue: { path, commitMs: 5 }, ...options },
  );
  return { ...publisher, path, [Symbol.asyncDispose]: publisher.close };
};

const samplesOf = ({ topic, payload }: Published1): readonly Sample[] => {
  const reading = readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null });
  assert.deepEqual(reading.rejections, []);
  return reading.samples;
};

const isStatus = ({ topic }: Published1) => topic === 'greengrass/ml/status/gw-1';
const samplesIn = (messages: readonly Published1[]) =>
  messages.filter((message) => !isStatus(message)).flatMap(samplesOf);
const flushed = (publisher: Publisher) => publisher.flush(AbortSignal.timeout(20_000));

const MINUTE = 60;

test('after an outage the newest quarter of an hour goes first, in order, then what is older, oldest first, in tens', async () => {
  let isAway = true;
  const { transport, arrived } = fakeTransport(() => (isAway ? OFFLINE : { ok: true }));
  await using publisher = open(transport, 3_600_000 + 500, { inFlight: 4 });
  for (const cylinder of ['a', 'b', 'c']) publisher.send(queuedSamples(cylinder, 0, 60 * MINUTE + 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(arrived.length, 0);
  isAway = false;
  await flushed(publisher);
  const samples = samplesIn(arrived);
  assert.equal(samples.length, 3 * (60 * MINUTE + 1));
  assert.equal(publisher.acknowledged(), samples.length);
  const recent = 15 * MINUTE + 1;
  for (const cylinder of ['a', 'b', 'c']) {
    const numbers = samples.filter((sample) => sample.cylinder === cylinder).map(({ seq }) => seq);
    const all = Array.from({ length: 60 * MINUTE + 1 }, (_, seq) => seq);
    assert.deepEqual(numbers, [...all.slice(-recent), ...all.slice(0, -recent)]);
  }
  const first = samples.slice(0, 3 * recent);
  assert.ok(first.every(({ t }) => t >= 45 * MINUTE * 1000));
  assert.ok(arrived.length < samples.length / 9.5, `${arrived.length} messages`);
  assert.ok(arrived.every(({ payload }) => payload.length < 4500));
});

test('live samples overtake what still drains', async () => {
  const { transport, arrived } = fakeTransport();
  await using publisher = open(transport, 3_600_000, { drainPerSecond: 100, inFlight: 1 });
  publisher.send([...queuedSamples('a', 0, 500), ...queuedSamples('a', 3600, 3601)]);
  while (arrived.length < 6) await new Promise((resolve) => setTimeout(resolve, 1));
  publisher.send(queuedSamples('live', 3600, 3601));
  while (!arrived.some(({ payload }) => payload.includes('"live"'))) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(arrived.length < 45, `${arrived.length} of 52 messages`);
  assert.ok(publisher.queued() > 50);
});

test('publishes that fail, that never settle, many at once: all arrives in the end', async () => {
  const { transport, arrived, resets } = fakeTransport((_, number) =>
    number % 7 === 3 ? OFFLINE : number % 11 === 5 ? 'never' : { ok: true },
  );
  await using publisher = open(transport, 0, { inFlight: 3, timeoutMs: 10 });
  publisher.send([...queuedSamples('a', 0, 300), ...queuedSamples('b', 0, 300)]);
  await flushed(publisher);
  for (const cylinder of ['a', 'b']) {
    const own = samplesIn(arrived).filter((sample) => sample.cylinder === cylinder);
    assert.deepEqual(
      [...new Set(own.map(({ seq }) => seq))].sort((one, other) => Number(one) - Number(other)),
      Array.from({ length: 300 }, (_, seq) => seq),
    );
  }
  assert.ok(resets() > 0);
});

test('no more messages than allowed are unacknowledged at a time', async () => {
  const { transport, maxOpen } = fakeTransport();
  await using publisher = open(transport, 0, { inFlight: 3 });
  publisher.send(queuedSamples('a', 0, 900));
  await flushed(publisher);
  assert.equal(maxOpen(), 3);
});

test('what was not acknowledged goes out after a restart under its own start, whatever the next one adds', async () => {
  const away = fakeTransport(() => OFFLINE);
  const first = open(away.transport, 0);
  first.send(queuedSamples('a', 0, 12));
  await first.close();
  const { transport, arrived } = fakeTransport();
  await using second = open(transport, 0, { queue: { path: first.path, commitMs: 5 } });
  second.send(queuedSamples('a', 0, 2, 'boot-2'));
  await flushed(second);
  assert.deepEqual(
    samplesIn(arrived)
      .map(({ boot, seq }) => `${boot} ${seq}`)
      .sort(),
    [...queuedSamples('a', 0, 12), ...queuedSamples('a', 0, 2, 'boot-2')]
      .map(({ origin, sample }) => `${origin.boot} ${sample.seq}`)
      .sort(),
  );
});

test('lost samples are told on the status topic until that arrives, with how many and which', async () => {
  let isAway = true;
  const { transport, arrived } = fakeTransport(() => (isAway ? OFFLINE : { ok: true }));
  const path = join(folder, `queue-${++files}.sqlite`);
  await using publisher = open(transport, 9000, { queue: { path, commitMs: 5, maxAgeMs: 4000 } });
  publisher.send(queuedSamples('a', 0, 10));
  publisher.report({ kind: 'clock', t: 9000, jumpMs: -5000 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await publisher.close();
  await using again = open(transport, 9000, { queue: { path, commitMs: 5, maxAgeMs: 4000 } });
  again.prune(9000);
  isAway = false;
  await flushed(again);
  const statuses = arrived.filter(isStatus).map(({ payload }) => JSON.parse(payload));
  const gap = { cylinder: 'a', boot: 'boot-1', fromSeq: 0, toSeq: 4, fromT: 0, toT: 4000, samples: 5 };
  assert.deepEqual(statuses, [{ v: 1, kind: 'gap', ...gap }]);
  assert.deepEqual(
    samplesIn(arrived).map(({ seq }) => seq),
    [5, 6, 7, 8, 9],
  );
});

test('a right that is missing ends the publisher with its message, and the samples stay', async () => {
  const { transport } = fakeTransport(() => ({
    ok: false,
    reason: 'fatal',
    message: 'not allowed to publish',
  }));
  await using publisher = open(transport, 0);
  publisher.send(queuedSamples('a', 0, 3));
  await assert.rejects(publisher.ended, { name: 'UndeliverableError', message: 'not allowed to publish' });
  assert.equal(publisher.queued(), 3);
});
