import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from '../../../domain/message/read-message.ts';
import type { ScoredValues } from '../../../domain/message/read-sample.ts';
import type { Sample, SensorValues } from '../../../domain/message/sample.ts';
import { type GatewayOptions, runGateway } from '../../../edge/gateway/run-gateway.ts';
import { connectPublisher } from '../../../edge/publisher/connect-publisher.ts';
import type { Publisher } from '../../../edge/publisher/publisher.ts';
import { createLine } from '../../../edge/simulator/line.ts';
import { simulatedSource } from '../../../edge/sources/generated-source.ts';
import type { SourceSample } from '../../../edge/sources/source.ts';
import type { Clock } from '../../../edge/timing/timing.ts';
import { type Received, startBroker } from '../publisher/test-broker.ts';

const START = Date.UTC(2026, 10, 23, 12);

const score = (values: SensorValues): ScoredValues => ({
  probability: (values[0] ?? 0) > 50 ? 0.75 : 0.25,
  why: null,
  model: 'm@1',
});

const options = (signal: AbortSignal): GatewayOptions => ({ boot: 'boot-1', pace: 'clock', signal });

/**
 * A clock that is moved by those who sleep on it, once all that they sent is acknowledged, and stands still otherwise;
 * at `endMs` it aborts.
 */
const steppedClock = (startMs: number, endMs: number, publisher: Publisher) => {
  const stop = new AbortController();
  const slept: number[] = [];
  let nowMs = startMs;
  const clock: Clock = {
    now: () => nowMs,
    async sleepUntil(tMs) {
      await publisher.flush(AbortSignal.timeout(20_000));
      if (tMs >= endMs) stop.abort();
      nowMs = Math.max(nowMs, tMs);
      slept.push(tMs);
    },
  };
  return { clock, signal: stop.signal, slept };
};

const connect = async (url: string): Promise<Publisher & AsyncDisposable> => {
  const publisher = await connectPublisher({
    url,
    clientId: 'gateway-1',
    gateway: 'gw-1',
    now: () => START,
    retryMs: [20],
  });
  return { ...publisher, [Symbol.asyncDispose]: publisher.close };
};

const read = (received: readonly Received[]): Sample[][] =>
  received.map(({ topic, payload }) => {
    const reading = readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null });
    assert.deepEqual(reading.rejections, []);
    return [...reading.samples];
  });

test('a gateway that starts with a queue sends it in tens, without waiting, and then a sample of each cylinder a second', async () => {
  await using broker = await startBroker();
  await using publisher = await connect(broker.url);
  const historyMs = 15 * 60_000;
  const line = createLine({ cylinders: 3, seed: 1, startMs: START });
  const { clock, signal, slept } = steppedClock(START + historyMs, START + historyMs + 20_000, publisher);
  const result = await runGateway(
    { source: simulatedSource(line, START), score, publisher, clock },
    options(signal),
  );
  const messages = read(broker.received);
  const samples = messages.flat();
  assert.equal(slept[0], START + historyMs + 1000);
  assert.deepEqual(result, {
    samples: 3 * 920,
    acknowledged: 3 * 920,
    queued: 0,
    lastMs: START + historyMs + 19_000,
  });
  assert.equal(samples.length, 3 * 920);
  for (const name of line.names) {
    const own = samples.filter(({ cylinder }) => cylinder === name);
    assert.deepEqual(
      own.map(({ t, seq, boot, gateway, model }) => ({ t, seq, boot, gateway, model })),
      own.map((_, seq) => ({ t: START + seq * 1000, seq, boot: 'boot-1', gateway: 'gw-1', model: 'm@1' })),
    );
    assert.deepEqual(
      own.map(({ values }) => values),
      own.map(({ t }) => line.at(t).find(({ cylinder }) => cylinder === name)?.values),
    );
    assert.ok(own.every(({ values, probability }) => probability === score(values).probability));
  }
  const sizes = messages.map((message) => message.length);
  const history = sizes.slice(0, -3 * 20);
  // No fewer than a hundred samples are committed at a time: of each cylinder at most the last of four is not full.
  assert.ok(history.length <= (27 * 100 * 4) / 33);
  assert.ok(history.filter((size) => size === 10).length >= 0.7 * history.length);
  assert.ok(sizes.slice(-3 * 19).every((size) => size === 1));
});

test('after a stall the gateway catches up in larger batches and then is live again', async () => {
  await using broker = await startBroker();
  await using publisher = await connect(broker.url);
  const line = createLine({ cylinders: 1, seed: 1, startMs: START });
  const stepped = steppedClock(START, START + 100_000, publisher);
  let stalledMs = 0;
  const clock: Clock = {
    now: () => stepped.clock.now() + stalledMs,
    sleepUntil(tMs, signal) {
      if (tMs === START + 5000) stalledMs = 60_000;
      return stepped.clock.sleepUntil(tMs - stalledMs, signal);
    },
  };
  await runGateway(
    { source: simulatedSource(line, START), score, publisher, clock },
    options(stepped.signal),
  );
  const messages = read(broker.received);
  assert.deepEqual(
    messages.flat().map(({ seq }) => seq),
    messages.flat().map((_, index) => index),
  );
  const sizes = messages.map((message) => message.length);
  assert.deepEqual(sizes.slice(0, 5), [1, 1, 1, 1, 1]);
  assert.deepEqual(sizes.slice(5, 10), [10, 10, 10, 10, 10]);
  assert.ok(sizes.slice(12).every((size) => size === 1) && sizes.length > 30);
});

const RECORDED: readonly SourceSample[] = Array.from({ length: 25 }, (_, index) => ({
  cylinder: index % 2 === 0 ? 'a' : 'b',
  t: START + index * 1000,
  values: [60, null, 1, 2, 3, 4],
  label: null,
}));

test('a recording goes as fast as it is acknowledged, and the gateway returns when all of it is', async () => {
  await using broker = await startBroker();
  await using publisher = await connect(broker.url);
  const { clock, slept } = steppedClock(0, Number.POSITIVE_INFINITY, publisher);
  const progress: number[] = [];
  const result = await runGateway(
    { source: [RECORDED.slice(0, 7), RECORDED.slice(7)], score, publisher, clock },
    {
      ...options(new AbortController().signal),
      pace: 'arrival',
      onProgress: ({ samples }) => progress.push(samples),
    },
  );
  assert.deepEqual(result, { samples: 25, acknowledged: 25, queued: 0, lastMs: START + 24_000 });
  assert.deepEqual(slept, []);
  assert.deepEqual(
    read(broker.received).map((samples) => samples.length),
    [10, 10, 3, 2],
  );
  assert.equal(progress.at(-1), 25);
});

test('a gateway that is stopped while the broker is dead returns, and says what was not acknowledged', async () => {
  await using broker = await startBroker();
  await using publisher = await connect(broker.url);
  await broker.kill();
  const stop = new AbortController();
  const line = createLine({ cylinders: 6, seed: 1, startMs: START });
  const { clock } = steppedClock(START + 3_600_000, Number.POSITIVE_INFINITY, publisher);
  const running = runGateway(
    { source: simulatedSource(line, START), score, publisher, clock },
    { ...options(stop.signal), onProgress: ({ samples }) => samples > 400 && stop.abort() },
  );
  const result = await running;
  assert.ok(result.samples > 400 && result.samples < 3600);
  assert.equal(result.acknowledged, 0);
});

test('a source that fails ends the gateway with its error', async () => {
  await using broker = await startBroker();
  await using publisher = await connect(broker.url);
  const { clock } = steppedClock(0, Number.POSITIVE_INFINITY, publisher);
  function* failing(): Generator<readonly SourceSample[]> {
    yield RECORDED;
    throw new Error('the sensor bus is gone');
  }
  await assert.rejects(
    runGateway(
      { source: failing(), score, publisher, clock },
      { ...options(new AbortController().signal), pace: 'arrival' },
    ),
    /the sensor bus is gone/,
  );
});
