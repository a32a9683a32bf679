import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY, WARM_UP_AFTER_IDLE_MS } from './policy.ts';

test('the defaults are those of the document', () => {
  assert.deepEqual(DEFAULT_POLICY, {
    samplePeriodMs: 1000,
    latenessMs: 30_000,
    windowMs: 60_000,
    threshold: 0.5,
    raiseRatio: 0.6,
    clearRatio: 0.2,
    minCoverage: 0.5,
    levels: [
      { severity: 'advisory', afterMs: 0, clearHoldMs: 60_000 },
      { severity: 'warning', afterMs: 600_000, clearHoldMs: 600_000 },
      { severity: 'alarm', afterMs: 3_600_000, clearHoldMs: 600_000 },
    ],
    notifyFrom: 'warning',
    reopenWithinMs: 1_800_000,
    flapping: { reopenings: 3, withinMs: 86_400_000 },
    remind: { alarm: 14_400_000, warning: 86_400_000 },
    maxReminders: 3,
    staleAfterMs: 60_000,
    offlineAfterMs: 900_000,
    futureToleranceMs: 60_000,
    historicalAfterMs: 300_000,
    idle: null,
    warmUpMs: 0,
    maxShelveMs: 86_400_000,
    maxMaintenanceMs: 2_592_000_000,
  });
  assert.equal(WARM_UP_AFTER_IDLE_MS, 300_000);
});
