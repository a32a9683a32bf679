import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { eventBytes } from '../../../cost/assumed.ts';
import { ledgerCalls } from '../../../cost/function-calls.ts';
import { planOf } from '../../../cost/plan.ts';
import { trafficOf } from '../../../cost/traffic.ts';
import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import { type Received, received } from '../../../domain/message/read-message.ts';
import { evaluateSamples, UnevaluatedError } from '../../../usecases/evaluate-samples.ts';
import { sweepLedger } from '../../../usecases/sweep-ledger.ts';
import { DEPLOYED } from '../../event-source/deployed-mappings.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { type Limits, limitedUnits, NEW_ON_DEMAND } from './limited-units.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

const START_MS = 1_763_800_000_000;
const CYLINDERS = 1000;
const ON_A_GATEWAY = 20;
const SAMPLES = 10;
const LAG_MS = 60_000;
/** What Lambda hands over at most, by what a message weighs there. */
const EVENT_MESSAGES = Math.floor((6 * 1024 * 1024) / eventBytes(SAMPLES));

const reading = readPolicyBook({});
assert.ok(reading.ok);
const policies = reading.book;

const nameOf = (index: number): string => `cyl-${String(index).padStart(4, '0')}`;

/** Ten normal samples of a cylinder, the last of them at that time. */
const messageOf = (index: number, receivedAt: number): Received =>
  received({
    topic: `greengrass/ml/inference/line-${Math.floor(index / ON_A_GATEWAY)}/${nameOf(index)}`,
    body: Buffer.from(
      JSON.stringify({
        v: 1,
        boot: 'b',
        model: 'anomaly-detection@1.2.0',
        samples: Array.from({ length: SAMPLES }, (_, place) => {
          const t = receivedAt - (SAMPLES - 1 - place) * 1000;
          return {
            t,
            seq: (t - START_MS) / 1000 + SAMPLES,
            rVibration_Temp: 48,
            wRMSCurrent: 3.4,
            probability: 0.03,
          };
        }),
      }),
    ),
    receivedAt,
    client: null,
  });

const LATENCY_MS: Readonly<Record<string, number>> = {
  PutItem: 6,
  TransactWriteItems: 20,
  Query: 10,
  BatchGetItem: 12,
};

/** A table that has the units of `limits` only, with functions that speak to it; each lane of the stream is one. */
const plantOn = (time: VirtualTime) => {
  const dynamo = memoryDynamo({ now: time.now, attempts: 1, pageItems: 1000 });
  let units = limitedUnits(NEW_ON_DEMAND, time.now);
  let refused: string | null = null;
  dynamo.fail(async (operation, request) => {
    const isRefused = refused !== null && operation !== 'BatchGetItem' && request.includes(refused);
    const isAdmitted = !isRefused && units.admits(operation, request);
    await time.sleep(isAdmitted ? (LATENCY_MS[operation] ?? 10) : 4);
    return isAdmitted ? null : 'throttled';
  });
  let seed = 1;
  /** As jitteredPause waits, by the time of the model and by numbers that are the same in every run. */
  const pause = (attempts: number): Promise<void> => {
    seed = (seed * 48_271) % 2_147_483_647;
    return time.sleep((seed / 2_147_483_647) * Math.min(1000, 25 * 2 ** attempts));
  };
  const ledger = () => createDynamoLedger({ client: dynamo.client, table: 'ledger', now: time.now, pause });
  return {
    give(limits: Limits, isFull: boolean): void {
      units = limitedUnits(limits, time.now, isFull);
    },
    /** From now on there are no units left to write a partition. */
    refuse(partition: string): void {
      refused = partition;
    },
    units: () => units.counted,
    items: dynamo.items,
    watch: () =>
      evaluateSamples({ ledger: ledger(), policies, heardEveryMs: policies.default.offlineAfterMs / 3 }),
    sweep: sweepLedger({ ledger: ledger(), policies }),
  };
};

type Seen = { batches: number; failed: number; lagMs: number };

/** One of the batches that Lambda reads side by side from a shard: gathered for a window or until it is full, then handed over until it is taken. */
const runLane = async (
  time: VirtualTime,
  watch: (batch: readonly Received[]) => Promise<void>,
  queue: Received[],
  until: number,
  seen: Seen,
): Promise<void> => {
  const { batchWindowMs, batchSize } = DEPLOYED.watch;
  const most = Math.min(batchSize, EVENT_MESSAGES);
  while (time.now() < until) {
    const windowEnd = time.now() + batchWindowMs;
    while (time.now() < windowEnd && queue.length < most) await time.sleep(500);
    const batch = queue.splice(0, most);
    if (batch.length === 0) continue;
    for (let isTaken = false; !isTaken; ) {
      isTaken = await watch(batch).then(
        () => true,
        () => false,
      );
      seen.batches += 1;
      if (!isTaken) seen.failed += 1;
      if (!isTaken) await time.sleep(1000);
    }
    seen.lagMs = Math.max(seen.lagMs, ...batch.map(({ raw }) => time.now() - raw.receivedAt));
  }
};

/** All cylinders speak from now on for so long, every ten seconds and all at once, while the sweep comes every minute. */
const speak = async (time: VirtualTime, plant: ReturnType<typeof plantOn>, forMs: number): Promise<Seen> => {
  const until = time.now() + forMs;
  const seen: Seen = { batches: 0, failed: 0, lagMs: 0 };
  const lanes = Array.from({ length: DEPLOYED.watch.parallelizationFactor }, (): Received[] => []);
  const publish = async (): Promise<void> => {
    for (; time.now() < until; await time.sleep(SAMPLES * 1000))
      for (let index = 0; index < CYLINDERS; index += 1)
        lanes[(index * 7919) % lanes.length]?.push(messageOf(index, time.now()));
  };
  const sweep = async (): Promise<void> => {
    for (; time.now() < until; await time.sleep(60_000)) await plant.sweep(time.now());
  };
  const running = [
    publish(),
    sweep(),
    ...lanes.map((queue) => runLane(time, plant.watch(), queue, until, seen)),
  ];
  await time.run(until + 5 * 60_000);
  await Promise.all(running);
  return seen;
};

const check = (seen: Seen, what: string): void => {
  assert.ok(seen.batches > 0, what);
  assert.equal(seen.failed, 0, `${what}: ${seen.failed} of ${seen.batches} batches failed`);
  assert.ok(seen.lagMs <= LAG_MS, `${what}: a message waited ${seen.lagMs} ms`);
};

const {
  START: { ReadCapacityUnits, WriteCapacityUnits },
  leastUnits,
} = createRequire(import.meta.url)('../../../infra/ledger-capacity.cjs');
const least = leastUnits(
  Number(
    /ledgerUnits: (\d+)/.exec(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'))?.[1],
  ),
);

/** As it begins, with nothing saved up; and as auto scaling leaves it where a line is silent, with five minutes saved up. */
const NEW_PROVISIONED: Limits = {
  writes: WriteCapacityUnits,
  indexWrites: { 'by-due': WriteCapacityUnits, 'by-gateway': WriteCapacityUnits },
  reads: ReadCapacityUnits,
  savedS: 1,
};
const SILENT_PROVISIONED: Limits = {
  writes: least.table,
  indexWrites: { 'by-due': least['by-due'], 'by-gateway': least['by-gateway'] },
  reads: least.table,
  savedS: 300,
};

const MODES: readonly (readonly [name: string, first: Limits, later: Limits])[] = [
  ['on-demand, never warmed up', NEW_ON_DEMAND, NEW_ON_DEMAND],
  ['provisioned', NEW_PROVISIONED, SILENT_PROVISIONED],
];

for (const [name, first, later] of MODES) {
  test(`1,000 cylinders on a ledger that is ${name}: no batch fails, from an empty table and after half an hour of silence`, async () => {
    const time = virtualTime(START_MS);
    const plant = plantOn(time);
    plant.give(first, false);
    check(await speak(time, plant, 70_000), 'from an empty table');
    assert.equal(
      plant.items().filter(({ sk, pk }) => sk?.S === 'STATE' && pk?.S?.startsWith('C#')).length,
      CYLINDERS,
    );
    const back = START_MS + 40 * 60_000;
    for (const minute of [10, 11, 38, 39]) {
      await time.run(START_MS + minute * 60_000);
      const swept = plant.sweep(time.now());
      await time.run(START_MS + minute * 60_000 + 59_000);
      await swept;
    }
    await time.run(back);
    plant.give(later, true);
    check(await speak(time, plant, 70_000), 'after half an hour of silence');
  });
}

test('what the table has no units for is asked for again, and of a cylinder for which there are none only its messages fail', async () => {
  const time = virtualTime(START_MS);
  const plant = plantOn(time);
  plant.give({ ...NEW_ON_DEMAND, writes: 100 }, false);
  const batch = Array.from({ length: 60 }, (_, index) => messageOf(index, START_MS));
  const taken = plant.watch()(batch);
  await time.run(START_MS + 60_000);
  await taken;
  assert.ok(plant.units().refused > 0);

  plant.refuse('C#cyl-0007');
  const later = batch.map((_, index) => messageOf(index, START_MS + 10_000));
  const failed = assert.rejects(plant.watch()(later), (error: unknown) => {
    assert.ok(error instanceof UnevaluatedError);
    assert.deepEqual(
      error.failures.map(({ index }) => index),
      [7],
    );
    return true;
  });
  await time.run(START_MS + 120_000);
  await failed;
});

test('1,000 cylinders that speak all the time take the units that their price counts, the sweep with them', async () => {
  const time = virtualTime(START_MS);
  const plant = plantOn(time);
  // Within it each twin is refreshed once.
  const [fromMs, toMs] = [100_000, 380_000];
  const at = (ms: number) => time.sleep(ms).then(() => ({ ...plant.units() }));
  const counted = Promise.all([at(fromMs), at(toMs)]);
  check(await speak(time, plant, toMs), 'all the time');
  const [before, after] = await counted;
  const plan = planOf({ cylinders: CYLINDERS, incidents: 0 });
  const priced = ledgerCalls(plan, trafficOf(plan, (toMs - fromMs) / 1000));
  const holds = (real: number, model: number): void =>
    assert.ok(Math.abs(real - model) <= 0.1 * model, `${real} really, ${model} by the price`);
  holds(after.writes - before.writes, priced.ledgerWriteUnits);
  holds(after.reads - before.reads, priced.ledgerReadUnits);
  assert.equal(after.indexWrites, before.indexWrites);
});
