import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  endlessFaults,
  FAULT_KINDS,
  type Fault,
  givenFaults,
  severityAt,
} from '../../../edge/simulator/fault-schedule.ts';

const START = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

const faultsOfADay = (cylinders: number, seed: number): Fault[] => {
  const schedule = endlessFaults({ cylinders, seed, startMs: START });
  const found = new Set<Fault>();
  for (let t = START; t < START + 24 * 60 * MINUTE; t += MINUTE) {
    for (let cylinder = 0; cylinder < cylinders; cylinder += 1) {
      const fault = schedule.lastBegun(cylinder, t);
      if (fault !== null) found.add(fault);
    }
  }
  return [...found].sort((a, b) => a.beginMs - b.beginMs);
};

const lines = fc.record({ cylinders: fc.integer({ min: 1, max: 12 }), seed: fc.integer({ min: 0 }) });

test('the first fault is a bearing, well worn at minute 2 and replaced between 1 and 2 minutes after the first quarter of an hour', () => {
  fc.assert(
    fc.property(lines, ({ cylinders, seed }) => {
      const [first] = faultsOfADay(cylinders, seed);
      assert.ok(first);
      assert.equal(first.kind, 'bearing-wear');
      assert.equal(severityAt(first, START + MINUTE), 0);
      assert.ok(severityAt(first, START + 2 * MINUTE) > 0.35);
      assert.equal(severityAt(first, START + 15 * MINUTE), 1);
      assert.ok(first.endMs > START + 16 * MINUTE && first.endMs < START + 17 * MINUTE);
    }),
    { numRuns: 20 },
  );
});

test('later faults begin minutes apart, stay 4 to 25 minutes and never meet on one cylinder', () => {
  fc.assert(
    fc.property(lines, ({ cylinders, seed }) => {
      const faults = faultsOfADay(cylinders, seed);
      assert.ok(faults.length > 10);
      for (const [index, fault] of faults.entries()) {
        const before = faults[index - 1];
        if (before === undefined) continue;
        assert.ok(fault.beginMs - before.beginMs >= 5 * MINUTE);
        const lengthMs = fault.endMs - fault.beginMs;
        assert.ok(lengthMs >= 4 * MINUTE && lengthMs <= 25 * MINUTE && fault.growMs < lengthMs);
        const same = faults.slice(0, index).filter((other) => other.cylinder === fault.cylinder);
        assert.ok(same.every((other) => other.endMs < fault.beginMs));
      }
    }),
    { numRuns: 20 },
  );
});

test('every kind of fault comes up within a day, on several cylinders', () => {
  const faults = faultsOfADay(6, 1);
  assert.deepEqual(new Set(faults.map((fault) => fault.kind)), new Set(FAULT_KINDS));
  assert.equal(new Set(faults.map((fault) => fault.cylinder)).size, 6);
});

test('given faults are found by their cylinder and time, in whatever order they were given', () => {
  const early = { cylinder: 1, kind: 'overload', beginMs: 1000, growMs: 100, endMs: 2000 } as const;
  const late = { ...early, beginMs: 5000, endMs: 6000 };
  const schedule = givenFaults([late, early]);
  assert.equal(schedule.lastBegun(1, 999), null);
  assert.equal(schedule.lastBegun(1, 1000), early);
  assert.equal(schedule.lastBegun(1, 4999), early);
  assert.equal(schedule.lastBegun(1, 5000), late);
  assert.equal(schedule.lastBegun(0, 5000), null);
});
