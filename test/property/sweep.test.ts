import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlant, sweepPlant, takeMessage } from '../../domain/alarm/plant.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { at } from '../fixture/alarm-story.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

/** Seconds that pass, then a message of a cylinder, or a sweep. */
const steps = fc.array(
  fc.record({
    pause: fc.constantFrom(1, 5, 5, 20, 31, 61, 200),
    what: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ cylinder: fc.constantFrom('a', 'b', 'c'), letter: fc.constantFrom('n', 'A') }),
      },
      { weight: 2, arbitrary: fc.constant('sweep' as const) },
    ),
  }),
  { maxLength: 60, size: 'max' },
);

const isOfLiveness = (output: AlarmOutput): boolean =>
  output.kind === 'notice' && (output.type === 'OFFLINE' || output.type === 'ONLINE');

test('a sweep of what is due tells of silence exactly when a sweep of everything would, gateways that go and return included', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (course) => {
      const ledger = memoryLedger();
      const ports = { ledger, policies: SHORT_BOOK };
      const plant = createPlant();
      const all: string[] = [];
      let now = 0;
      const note = (outputs: ReturnType<typeof sweepPlant>): void => {
        for (const output of outputs) if (isOfLiveness(output)) all.push(JSON.stringify(output));
      };
      for (const { pause, what } of course) {
        now += pause;
        if (what === 'sweep') {
          note(sweepPlant(plant, at(now), () => SHORT_POLICY));
          await sweepLedger(ports)(at(now));
          continue;
        }
        const message = messageOf(what.cylinder, what.letter, {
          from: now,
          gateway: what.cylinder === 'c' ? 'h' : 'g',
        });
        note(takeMessage(plant, message.reading, message.raw.receivedAt, () => SHORT_POLICY));
        await evaluateSamples(ports)([message]);
      }
      const swept = (await ledger.pending(10_000)).flatMap(({ item }) =>
        item.kind === 'notice' && isOfLiveness(item.notice.output)
          ? [JSON.stringify(item.notice.output)]
          : [],
      );
      assert.deepEqual(swept.toSorted(), all.toSorted());
    }),
    RUNS,
  );
});
