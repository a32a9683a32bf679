import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldInputs } from '../../domain/fold/fold-inputs.ts';
import { foldRecord, isQuietAt, quietlyTicked, refreshTwin } from '../../domain/fold/fold-record.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';

test('where every tick that is not due is left out, a tick that is not due would have said nothing', () => {
  fc.assert(
    fc.property(policies, happenings, (asked, happened) => {
      const reading = readPolicyBook(asked);
      if (!reading.ok) throw new Error('no policy');
      const policy = reading.book.default;
      let record: CylinderRecord | null = null;
      for (const input of inputsOf(happened)) {
        const { receivedAt } = input;
        const fold = foldRecord('c', record, input, policy);
        const refreshed = refreshTwin(fold.record, receivedAt, policy);
        const isDue = record?.dueAt != null && record.dueAt <= receivedAt;
        if (input.kind === 'tick' && !isDue) {
          assert.deepEqual([fold.notices, fold.transitions], [[], []]);
          if (record !== null) assert.equal(refreshed.record.twinKey, record.twinKey);
        } else if (record !== null || input.kind !== 'tick') {
          record = refreshed.record;
        }
      }
    }),
    RUNS,
  );
});

test('a tick at which a record is quiet does nothing but begin to count anew', () => {
  let quiet = 0;
  fc.assert(
    fc.property(policies, happenings, (asked, happened) => {
      const reading = readPolicyBook(asked);
      if (!reading.ok) throw new Error('no policy');
      const { book } = reading;
      let record: CylinderRecord | null = null;
      for (const input of inputsOf(happened)) {
        const { receivedAt } = input;
        if (record !== null && isQuietAt(record, receivedAt, book.default)) {
          quiet += 1;
          const fold = foldInputs('c', record, [{ kind: 'tick', receivedAt }], book);
          assert.deepEqual(fold, {
            record: quietlyTicked(record),
            notices: [],
            transitions: [],
            incidents: [],
            rollups: [],
            twin: null,
          });
        }
        record = foldInputs('c', record, [input], book)?.record ?? record;
      }
    }),
    RUNS,
  );
  assert.ok(quiet > 0, `${quiet} were quiet`);
});
