import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import { at } from '../fixture/alarm-story.ts';
import { commandsOf, courses, happenings, inputsOf, pauses, ticks } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { foldAll, transitionsIn } from '../fixture/fold-all.ts';
import { RUNS } from '../fixture/property-runs.ts';

test('removing samples never creates a transition at a slot that was removed', () => {
  fc.assert(
    fc.property(
      policies,
      happenings,
      fc.infiniteStream(fc.constantFrom(false, false, true)),
      (policy, happened, lost) => {
        const kept = new Set<number>();
        const removed = new Map<number, boolean>();
        const isLost = (t: number): boolean => {
          const known = removed.get(t) ?? lost.next().value === true;
          removed.set(t, known);
          if (!known) kept.add(t);
          return known;
        };
        const inputs = inputsOf(happened).flatMap((input): CylinderInput[] => {
          if (input.kind !== 'samples') return [input];
          const samples = input.samples.filter(({ t }) => !isLost(t));
          return samples.length === 0 ? [] : [{ ...input, samples }];
        });
        for (const output of transitionsIn(foldAll(inputs, policy).outputs)) {
          if (!('t' in output) || ('cause' in output && output.cause !== undefined)) continue;
          assert.ok(kept.has(output.t), `a transition at ${output.t}, of which nothing is known`);
        }
      },
    ),
    RUNS,
  );
});

// A command that ends or closes an incident acts on what was evaluated until then, and a tick evaluates what is left:
// leaving out ticks between samples and such a command would move slots behind it.
const harmless = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: courses },
    { weight: 3, arbitrary: ticks },
    { weight: 2, arbitrary: pauses },
    { weight: 2, arbitrary: commandsOf('ack', 'shelve', 'unshelve') },
  ),
  { maxLength: 30, size: 'max' },
);

test('leaving out ticks changes no transition', () => {
  fc.assert(
    fc.property(policies, harmless, fc.infiniteStream(fc.boolean()), (policy, happened, left) => {
      const end = { kind: 'tick', receivedAt: at(10_000) } as const;
      const inputs = inputsOf(happened);
      const fewer = inputs.filter(({ kind }) => kind !== 'tick' || left.next().value === true);
      assert.deepEqual(
        transitionsIn(foldAll([...fewer, end], policy).outputs),
        transitionsIn(foldAll([...inputs, end], policy).outputs),
      );
    }),
    RUNS,
  );
});
