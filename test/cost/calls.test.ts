import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Calls, callsOf } from '../../cost/calls.ts';
import { type Plan, planOf } from '../../cost/plan.ts';
import { streamOf } from '../../cost/traffic.ts';

const MINUTE_S = 60;

test('a minute of ten cylinders, called message by message, is counted call by call', () => {
  const plan = planOf({ cylinders: 10, ingest: 'direct', store: 'timestream', incidents: 0 });
  const calls = callsOf(plan, MINUTE_S);
  // Ten cylinders with a message each ten seconds: sixty messages, two functions.
  assert.deepEqual(
    {
      published: calls.published,
      iotMessages: calls.iotMessages,
      ruleActions: calls.ruleActions,
      store: calls.lambdaInvocations.store,
      watch: calls.lambdaInvocations.watch,
      sweep: calls.lambdaInvocations.sweep,
      requests: calls.timestreamRequests,
      writes: calls.timestreamWrites,
      kinesis: calls.kinesisPutUnits + calls.kinesisShardHours,
      firehose: calls.firehoseRecords,
      shadows: calls.shadowUpdates,
      triggers: calls.ruleTriggers,
      // 60 plain saves, 2 of which refresh the twin, and the gateway once in five minutes.
      ledger: calls.ledgerWriteUnits,
      moves: calls.ledgerIndexWriteUnits,
    },
    {
      published: 60,
      iotMessages: 60,
      ruleActions: 120,
      store: 60,
      watch: 60,
      sweep: 1,
      requests: 60,
      writes: 180,
      kinesis: 0,
      firehose: 0,
      shadows: 2,
      triggers: 62,
      ledger: 60.2,
      moves: 0,
    },
  );
});

test('a stream calls once for each batch, and saves each cylinder once in it', () => {
  const plan = planOf({ cylinders: 100, store: 'lake', incidents: 0 });
  const calls = callsOf(plan, 3600);
  assert.equal(calls.published, 36_000);
  assert.equal(calls.iotMessages, 0);
  assert.equal(calls.ruleActions, 36_000);
  assert.equal(calls.kinesisPutUnits, 36_000);
  assert.equal(calls.kinesisShardHours, 1);
  // Every 40 s four batches of the one shard, and one record of Firehose of each.
  assert.equal(calls.lambdaInvocations.watch, 360);
  assert.equal(calls.lambdaInvocations.store, 360);
  assert.equal(calls.firehoseRecords, 360);
  assert.equal(calls.timestreamRequests, 0);
  assert.equal(calls.shadowUpdates, 1200);
  // 9,000 saves, of which 1,200 refresh the twin, and five gateways every five minutes.
  assert.equal(calls.ledgerWriteUnits, 9060);
});

test('an incident is told, recorded and shown', () => {
  const without = callsOf(planOf({ cylinders: 50, incidents: 0 }));
  const { snsPublishes, snsEmails, snsSms, lambdaInvocations, ...calls } = callsOf(
    planOf({ cylinders: 50, incidents: 2, emails: 3, sms: 1 }),
  );
  assert.deepEqual([snsPublishes, snsEmails, snsSms, lambdaInvocations.notify], [400, 1200, 400, 1600]);
  assert.ok(calls.ledgerWriteUnits > without.ledgerWriteUnits);
  assert.ok(calls.shadowUpdates > without.shadowUpdates);
});

const plans: fc.Arbitrary<Plan> = fc
  .record({
    cylinders: fc.integer({ min: 1, max: 20_000 }),
    samplePeriodMs: fc.integer({ min: 100, max: 60_000 }),
    edgeBatch: fc.integer({ min: 1, max: 10 }),
    ingest: fc.constantFrom('direct', 'stream'),
    store: fc.constantFrom('timestream', 'lake'),
    publish: fc.constantFrom('basic-ingest', 'topic'),
    incidents: fc.integer({ min: 0, max: 50 }),
    cylindersPerGateway: fc.integer({ min: 1, max: 100 }),
  })
  .map(planOf);

const numbers = (calls: Calls): readonly number[] =>
  Object.values(calls).flatMap((value) => (typeof value === 'number' ? [value] : Object.values(value)));

test('no count is negative or no number, for whatever plan', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      for (const count of numbers(callsOf(plan))) assert.ok(Number.isFinite(count) && count >= 0);
    }),
  );
});

/** The counts of a plan and of the same with more cylinders, on as many shards. */
const grown = (plan: Plan, more: number): readonly (readonly [before: number, after: number])[] => {
  const cylinders = plan.cylinders + more;
  const { shards } = streamOf({ ...plan, cylinders });
  const after = numbers(callsOf({ ...plan, cylinders, shards }));
  return numbers(callsOf({ ...plan, shards })).map((count, index) => [count, after[index] ?? 0]);
};

/** One more shard leaves its batches more room, so that they hold for longer and a cylinder is saved less often. */
const ONE_MORE_SHARD = planOf({ cylinders: 887, samplePeriodMs: 100, edgeBatch: 6, cylindersPerGateway: 2 });

test('more cylinders never ask for less of as many shards', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 5000 }), (plan, more) => {
      // Requests are filled up one after the other: within a step fewer writes may hold more samples.
      for (const [index, [before, after]] of grown(plan, more).entries())
        assert.ok(after >= before * 0.9, `${index}: ${before}, then ${after}`);
    }),
    { examples: [[ONE_MORE_SHARD, 17]] },
  );
});

test('a cylinder more may take a shard more, whose batches hold for longer: then each is saved less often', () => {
  const more = { ...ONE_MORE_SHARD, cylinders: ONE_MORE_SHARD.cylinders + 17 };
  const [few, many] = [streamOf(ONE_MORE_SHARD), streamOf(more)];
  assert.deepEqual([few.shards, many.shards], [5, 6]);
  assert.ok(many.windowMs > few.windowMs);
  assert.ok(callsOf(more).ledgerWriteUnits < callsOf(ONE_MORE_SHARD).ledgerWriteUnits);
});
