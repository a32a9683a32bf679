import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTrace, thinOut } from '../../../backtest/recordings/recording.ts';

const traceOf = (points: readonly (readonly [t: number, p: number])[], maxBuckets: number) => {
  const trace = createTrace(maxBuckets, 1000);
  for (const [t, p] of points) trace.add(t, p);
  return trace.read();
};

test('a short recording is kept sample by sample, in the order of time, with its gaps', () => {
  const trace = traceOf(
    [
      [2000, 0.2],
      [1000, 0.1],
      [14_000, 0.3],
    ],
    10,
  );
  assert.deepEqual(trace, { t: [1000, 2000, 2001, 14_000], p: [0.1, 0.2, null, 0.3] });
});

const points = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 1000 }))
    .map(([second, mille]) => [second * 1000, mille / 1000] as const),
  { minLength: 1, maxLength: 400 },
);

test('thinning keeps the highest and the lowest, in order, within its limit, and invents nothing', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 2, max: 50 }), (given, most) => {
      const { t, p } = traceOf(given, most);
      const kept = p.filter((value) => value !== null);
      assert.ok(kept.length <= 2 * most);
      assert.equal(Math.max(...kept), Math.max(...given.map(([, value]) => value)));
      assert.equal(Math.min(...kept), Math.min(...given.map(([, value]) => value)));
      assert.deepEqual(
        t,
        t.toSorted((a, b) => a - b),
      );
      const known = new Set(given.map(([time, value]) => `${time} ${value}`));
      for (const [index, value] of p.entries())
        assert.ok(value === null || known.has(`${t[index]} ${value}`));
    }),
  );
});

test('a trace thinned out again keeps its peak', () => {
  const given = Array.from(
    { length: 1000 },
    (_, second) => [second * 1000, second === 617 ? 0.99 : 0.1] as const,
  );
  const thinned = thinOut(traceOf(given, 2000), 20, 1000);
  assert.ok(thinned.t.length <= 60);
  assert.equal(thinned.t[thinned.p.indexOf(0.99)], 617_000);
});
