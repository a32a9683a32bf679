import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { see, seenBetween, trimSeen } from '../../../local/telemetry/seen-numbers.ts';

test('without a bound on memory, a number is stored from when it was seen, and new before', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 60 })), (numbers) => {
      const seen = seenBetween();
      const stored = new Set<number>();
      for (const number of numbers) {
        assert.equal(see(seen, number), stored.has(number) ? 'stored' : 'new');
        stored.add(number);
      }
    }),
  );
});

test('intervals stay in order and apart, so that they are as few as can be', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 80 })), (numbers) => {
      const seen = seenBetween();
      for (const number of numbers) see(seen, number);
      const sorted = [...numbers].sort((a, b) => a - b);
      assert.deepEqual(
        seen.from,
        sorted.filter((number) => !numbers.includes(number - 1)),
      );
      assert.deepEqual(
        seen.to,
        sorted.filter((number) => !numbers.includes(number + 1)),
      );
    }),
  );
});

test('what was stored before is never taken for new, and memory stays bounded, however gappy the numbers', () => {
  const gappy = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 100, maxLength: 600 });
  fc.assert(
    fc.property(gappy, fc.uniqueArray(fc.integer({ min: 0, max: 2000 })), (numbers, before) => {
      const stored = new Set(before);
      const seen =
        before.length === 0 ? seenBetween() : seenBetween(Math.min(...before), Math.max(...before));
      for (const number of numbers) {
        const known = see(seen, number);
        assert.notEqual(known, stored.has(number) ? 'new' : 'stored');
        stored.add(number);
        trimSeen(seen);
        assert.ok(seen.from.length <= 64);
      }
    }),
  );
});
