import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as v from 'valibot';
import { meteredWrites } from '../../../aws/timestream/record.ts';
import { RECENT_READ_UNITS } from '../../../cost/assumed.ts';
import { callsOf } from '../../../cost/calls.ts';
import { planOf } from '../../../cost/plan.ts';
import { trafficOf } from '../../../cost/traffic.ts';
import { writeInput } from '../../aws/timestream/input.ts';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { runsOf } from '../stack/function-runs.ts';
import type { Call } from '../stack/gate.ts';
import { ledgerUnits } from '../stack/ledger-units.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';

/** How far a count of the model may be from what really happened. */
const TOLERANCE = 0.15;

const CYLINDERS = Array.from({ length: 5 }, (_, index) => `cost-${index}`);
const GATEWAY = 'cost-line';
const BATCHES = 60;
const SECONDS = BATCHES * 10;

type Counted = Readonly<Record<string, readonly [model: number, real: number]>>;

const hold = (context: TestContext, counted: Counted): void => {
  for (const [what, [model, real]] of Object.entries(counted)) {
    context.diagnostic(`${what}: ${real} really, ${Math.round(model * 10) / 10} by the model`);
  }
  for (const [what, [model, real]] of Object.entries(counted)) {
    assert.ok(Math.abs(real - model) <= TOLERANCE * model, `${what}: ${real} really, ${model} by the model`);
  }
};

const metered = (calls: readonly Call[]): number =>
  calls.reduce((sum, { body }) => {
    const { Records, CommonAttributes } = v.parse(writeInput, JSON.parse(body));
    return sum + meteredWrites(Records, CommonAttributes);
  }, 0);

/**
 * What `sentinel cost` counts against what a deployed pipeline does. The emulator gathers no batches of the ledger's
 * stream, meters nothing and takes its own time, so that runs of `twin` and all durations cannot be compared.
 */
export const costCases = (plant: () => Plant): void => {
  test('the rule calls store and watch once each for a message', async () => {
    const { stack, publish } = plant();
    const runs = async () => [await runsOf(stack, 'store'), await runsOf(stack, 'watch')] as const;
    const [store, watch] = await runs();
    const course = {
      gateway: 'line-9',
      cylinder: 'counted',
      from: secondsAgo(300),
      pattern: 'n'.repeat(200),
    };
    const messages = messagesOf(course);
    for (const message of messages) await publish(message);
    await eventually(
      runs,
      (counts) => counts[0] === store + messages.length && counts[1] === watch + messages.length,
    );
    const { published, lambdaInvocations } = callsOf(
      planOf({ cylinders: 1, ingest: 'direct', incidents: 0 }),
    );
    assert.deepEqual([lambdaInvocations.store, lambdaInvocations.watch], [published, published]);
  });

  test('ten minutes of five cylinders take what the model of costs says', async (context: TestContext) => {
    const { stack, handOver, ledger, store } = plant();
    const start = Date.now();
    const wave = async (index: number): Promise<void> => {
      const receivedAt = start + index * 10_000;
      for (const cylinder of CYLINDERS) {
        const from = receivedAt - 10_000;
        const course = { gateway: GATEWAY, cylinder, from, pattern: 'n'.repeat(10), firstSeq: index * 10 };
        for (const message of messagesOf(course))
          await handOver(['store', 'watch'], { ...message, receivedAt });
      }
      await eventually(
        async () => [...(await ledger.cylinders(CYLINDERS)).values()].map(({ version }) => version),
        (versions) => versions.length === CYLINDERS.length && versions.every((one) => one > index),
        { everyMs: 20 },
      );
    };
    // What comes first makes cylinders known, which happens once in their lives.
    await wave(0);
    const stored = () => store.count((cylinder) => CYLINDERS.includes(cylinder));
    const isStored = (waves: number) => (count: number) => count === waves * CYLINDERS.length * 10;
    await eventually(stored, isStored(1));
    const gatewaySaves = async () => (await ledger.gateways([GATEWAY])).get(GATEWAY)?.version ?? 0;
    const savedBefore = await gatewaySaves();
    const notes = [stack.gates.ledger.note(), stack.gates.timestream.note()] as const;
    for (let index = 1; index <= BATCHES; index += 1) await wave(index);
    await eventually(stored, isStored(BATCHES + 1));
    const [ledgerCalls, timestreamCalls] = notes.map((noted) => noted.calls());
    for (const noted of notes) noted.stop();

    const plan = planOf({
      cylinders: CYLINDERS.length,
      cylindersPerGateway: 5,
      ingest: 'direct',
      incidents: 0,
    });
    const model = callsOf(plan, SECONDS);
    const traffic = trafficOf(plan, SECONDS);
    const units = ledgerUnits(ledgerCalls ?? [], 'cost-');
    const writes = (timestreamCalls ?? []).filter(
      ({ operation, body }) => operation === 'WriteRecords' && body.includes('cost-'),
    );
    // Messages of one gateway that come at once all want to save it: whoever is late asks in vain, and pays.
    context.diagnostic(`attempts to save gateways: ${units.gatewayAttempts}`);
    hold(context, {
      'requests of Timestream': [model.timestreamRequests, writes.length],
      'writes of Timestream': [model.timestreamWrites, metered(writes)],
      'saves of cylinders': [traffic.cylinderSaves, units.cylinderSaves],
      'saves of gateways': [traffic.gatewaySaves, (await gatewaySaves()) - savedBefore],
      twins: [traffic.twins, units.twins],
      'write units of the ledger': [model.ledgerWriteUnits, units.written],
      // The sweep looks at what is due by the real clock, which these are not.
      'read units of the ledger': [
        (traffic.cylinderSaves + traffic.gatewayReads) * RECENT_READ_UNITS,
        units.read,
      ],
    });
    // Of the gateway alone, whose messages here come from minutes after the table's own time.
    assert.equal(model.ledgerIndexWriteUnits, 0);
    assert.ok(units.indexWritten <= 2, `${units.indexWritten} write units of the index`);
  });
};
