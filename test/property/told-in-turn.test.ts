import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { foldAll } from '../fixture/fold-all.ts';
import { RUNS } from '../fixture/property-runs.ts';

type Told = Readonly<{ id: string; type: string; incident: string }>;

const toldIn = (outputs: readonly AlarmOutput[]): readonly Told[] =>
  outputs.flatMap((output) => (output.kind === 'notice' && 'incident' in output ? [output] : []));

/** Whether people know of trouble after a notice, and whether it made sense to tell it. */
type Verdict = Readonly<{ abnormal: boolean; sound: boolean }>;

const AFTER: Readonly<Record<string, (abnormal: boolean) => Verdict>> = {
  RAISED: (abnormal) => ({ abnormal: true, sound: !abnormal }),
  REOPENED: (abnormal) => ({ abnormal: true, sound: !abnormal }),
  FLAPPING: (abnormal) => ({ abnormal: true, sound: !abnormal }),
  SHELF_EXPIRED: () => ({ abnormal: true, sound: true }),
  ESCALATED: (abnormal) => ({ abnormal, sound: abnormal }),
  REMINDER: (abnormal) => ({ abnormal, sound: abnormal }),
  RECOVERED: (abnormal) => ({ abnormal: false, sound: abnormal }),
  OCCURRED: (abnormal) => ({ abnormal, sound: !abnormal }),
};

test('what is told as abnormal and what is told as normal alternate, whatever arrives', () => {
  let met = 0;
  fc.assert(
    fc.property(policies, happenings, (policy, happened) => {
      let isAbnormal = false;
      for (const { type, id } of toldIn(foldAll(inputsOf(happened), policy).outputs)) {
        const after: Verdict | undefined = AFTER[type]?.(isAbnormal);
        assert.ok(after?.sound, `${type} ${id} while people were told ${isAbnormal ? 'abnormal' : 'normal'}`);
        isAbnormal = after.abnormal;
        met += 1;
      }
    }),
    RUNS,
  );
  assert.ok(met > RUNS.numRuns, 'too little was told to say anything');
});

test('the notices of an incident are numbered from 1 without a gap, and no name is given twice', () => {
  fc.assert(
    fc.property(policies, happenings, (policy, happened) => {
      const counts = new Map<string, number>();
      for (const { id, incident } of toldIn(foldAll(inputsOf(happened), policy).outputs)) {
        const count = (counts.get(incident) ?? 0) + 1;
        counts.set(incident, count);
        assert.equal(id, `${incident}#${count}`);
      }
    }),
    RUNS,
  );
});

test('RECOVERED, OCCURRED and every other notice is of an incident that was raised', () => {
  fc.assert(
    fc.property(policies, happenings, (policy, happened) => {
      const { outputs } = foldAll(inputsOf(happened), policy);
      const raised = new Set<string | null>();
      for (const output of outputs) {
        if (output.kind === 'condition' && output.to === 'ACTIVE') raised.add(output.incident);
        if (output.kind === 'notice' && 'incident' in output) assert.ok(raised.has(output.incident));
      }
    }),
    RUNS,
  );
});
