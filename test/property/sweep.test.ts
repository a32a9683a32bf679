import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlant, sweepPlant, takeMessage } from '../../domain/alarm/plant.ts';
import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { at } from '../fixture/alarm-story.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { messageOf } from '../fixture/received-message.ts';

/**
 * Seconds that pass, then a message of a cylinder, whose clock may be ahead or behind, or a sweep; or the receiver's
 * clock is wrong from then on, an hour ahead, or right again.
 */
const steps = fc.array(
  fc.record({
    pause: fc.constantFrom(1, 5, 5, 20, 31, 61, 200),
    what: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          cylinder: fc.constantFrom('a', 'b', 'c'),
          pattern: fc.constantFrom('n', 'A', 'nnnnn', 'AAAAA'),
          clock: fc.constantFrom(0, 0, 0, 60, -900),
        }),
      },
      { weight: 3, arbitrary: fc.constant('sweep' as const) },
      { weight: 1, arbitrary: fc.constantFrom('wrong' as const, 'right' as const) },
    ),
  }),
  { maxLength: 60, size: 'max' },
);

// Whoever goes silent three times in these courses flaps.
const reading = readPolicyBook({ ...SHORT_POLICY, flapping: { reopenings: 3, withinMs: 1_000_000 } });
if (!reading.ok) throw new Error('the policy of the test is none');
const { book } = reading;
const policy = book.default;

const isOfLiveness = (output: AlarmOutput): boolean => output.kind === 'notice' && !('incident' in output);

test('a sweep of what is due tells of what is heard and judged exactly when a sweep of everything would, gateways that go and return and clocks that are wrong included', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (course) => {
      const ledger = memoryLedger();
      const ports = { ledger, policies: book };
      const plant = createPlant();
      const all: string[] = [];
      let now = 0;
      let ahead = 0;
      const note = (outputs: ReturnType<typeof sweepPlant>): void => {
        for (const output of outputs) if (isOfLiveness(output)) all.push(JSON.stringify(output));
      };
      for (const { pause, what } of course) {
        now += pause;
        const received = now + ahead;
        if (what === 'wrong' || what === 'right') {
          ahead = what === 'wrong' ? 3600 : 0;
          continue;
        }
        if (what === 'sweep') {
          note(sweepPlant(plant, at(received), () => policy));
          await sweepLedger(ports)(at(received));
          continue;
        }
        const message = messageOf(what.cylinder, what.pattern, {
          from: Math.max(0, received + what.clock - what.pattern.length + 1),
          at: received,
          gateway: what.cylinder === 'c' ? 'h' : 'g',
        });
        note(takeMessage(plant, message.reading, message.raw.receivedAt, () => policy));
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
