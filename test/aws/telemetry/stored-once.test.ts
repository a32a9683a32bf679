import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { incidentVersion, isSameProgress } from '../../../aws/telemetry/stored-once.ts';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';

const T = 1_763_800_000_000;

const open = incidentRecord({ id: `cyl-07@${T}`, beganAt: T, raisedAt: T });
const cleared: IncidentRecord = { ...open, clearedAt: T, endedBy: 'clearing' };

/** The life of an incident that is reopened so often, and then closed. */
const life = (reopenings: number): readonly IncidentRecord[] => {
  const turns = Array.from({ length: reopenings + 1 }, (_, turn) => [
    { ...open, reopenings: turn },
    { ...cleared, reopenings: turn },
  ]).flat();
  return [...turns, { ...open, reopenings, closedBy: 'Kim' }, { ...cleared, reopenings, closedBy: 'Kim' }];
};

describe('the version of an incident', () => {
  test('grows with all that becomes of it, whatever the clock of whoever writes says', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.array(fc.nat(2 ** 41), { minLength: 1, maxLength: 20 }),
        (count, clocks) => {
          const versions = life(count).map((record, index) =>
            incidentVersion(record, clocks[index % clocks.length] ?? T),
          );
          assert.deepEqual(
            versions,
            [...versions].sort((a, b) => a - b),
          );
          assert.equal(new Set(versions).size, versions.length);
          assert.ok(versions.every(Number.isSafeInteger));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('grows with the time of writing where nothing else has changed', () => {
    const acknowledged = { ...open, acknowledgedBy: 'Kim' };
    assert.ok(incidentVersion(open, T) < incidentVersion(acknowledged, T + 1));
    assert.ok(isSameProgress(incidentVersion(open, T), incidentVersion(acknowledged, T + 1)));
    assert.ok(!isSameProgress(incidentVersion(open, T), incidentVersion(cleared, T)));
  });

  test('stays a safe integer, however often it is reopened', () => {
    const version = incidentVersion({ ...cleared, reopenings: 5000, closedBy: 'Kim' }, 2 ** 43 - 1);
    assert.ok(Number.isSafeInteger(version));
  });
});
