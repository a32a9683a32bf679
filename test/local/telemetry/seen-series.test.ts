import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Series, see, seenBetween, seenSeries, trimSeen } from '../../../local/telemetry/seen-series.ts';

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

const series = (cylinder: string): Series => ({ key: cylinder, cylinder, boot: null });

/** A load that finds nothing, and says which series it was asked for. */
const recordingLoad = () => {
  const asked: string[][] = [];
  const load = (missing: readonly string[]) => {
    asked.push([...missing]);
    return Promise.resolve(new Map([['a', seenBetween(5, 9)]]));
  };
  return { asked, load };
};

test('a series is loaded when it is seen first, all that are missing at once, and then remembered', async () => {
  const seen = seenSeries();
  const { asked, load } = recordingLoad();
  const copies = await seen.copies([series('a'), series('b')], load);
  assert.deepEqual(copies.get('a'), seenBetween(5, 9));
  assert.deepEqual(copies.get('b'), seenBetween());
  seen.keep(copies);
  await seen.copies([series('b'), series('a')], load);
  assert.deepEqual(asked, [['a', 'b']]);
});

test('copies that are not kept change nothing', async () => {
  const seen = seenSeries();
  const { load } = recordingLoad();
  seen.keep(await seen.copies([series('b')], load));
  const changed = (await seen.copies([series('b')], load)).get('b');
  assert.ok(changed !== undefined);
  see(changed, 1);
  assert.deepEqual((await seen.copies([series('b')], load)).get('b'), seenBetween());
});

test('of too many, those not used for longest are loaded again, once they are saved and not before', async () => {
  const seen = seenSeries(2);
  const { asked, load } = recordingLoad();
  for (const name of ['a', 'b', 'a', 'c']) seen.keep(await seen.copies([series(name)], load));
  await seen.copies([series('b')], load);
  assert.ok(seen.isFull());
  assert.deepEqual([...seen.unsaved().keys()].toSorted(), ['a', 'b', 'c']);
  seen.saved();
  assert.equal(seen.unsaved().size, 0);
  await seen.copies([series('a'), series('c')], load);
  await seen.copies([series('b')], load);
  seen.forgetAll();
  await seen.copies([series('c')], load);
  assert.deepEqual(asked, [['a'], ['b'], ['c'], ['b'], ['c']]);
});
