import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contributions } from '../../../../edge/model/explain/contributions.ts';
import { shapleyOfLeaf } from '../../../../edge/model/explain/shapley.ts';
import { readModel } from '../../../../edge/model/formats/read-model.ts';
import { score } from '../../../../edge/model/predict/score.ts';
import { referenceBytes, skipReference } from '../reference.ts';
import { bytesOf, sound, stump } from '../stump.ts';

const row = [50, 2, 2, 4, 50, 1000];

test('one split: its sensor gets all that the row differs by from the mean of the training rows', () => {
  const model = sound(readModel(bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })), 'stump'));
  // A quarter of the rows goes left: the mean is −1/4 + 3/4.
  assert.deepEqual(contributions(model, row), { sensors: [0, -1.5, 0, 0, 0, 0], bias: 0.5 });
  assert.deepEqual(contributions(model, row.with(1, 3)), { sensors: [0, 0.5, 0, 0, 0, 0], bias: 0.5 });
});

test('contributions and bias sum to the margin, also where values are missing', {
  skip: skipReference,
}, () => {
  const model = sound(readModel(referenceBytes('skab_raw6_missing.json'), 'missing'));
  const value = fc.option(fc.double({ min: -10, max: 2000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), (values) => {
      const { sensors, bias } = contributions(model, values);
      const sum = sensors.reduce((total, part) => total + part, bias);
      assert.ok(Math.abs(sum - (score(model, values).margin ?? Number.NaN)) < 1e-4);
    }),
  );
});

const byOrders = (shares: readonly number[], follows: number, value: number): readonly number[] => {
  const pay = (known: ReadonlySet<number>) =>
    shares.reduce((product, share, i) => product * (known.has(i) ? (follows >> i) & 1 : share), value);
  const orders = permutations(shares.map((_, i) => i));
  const sums = shares.map(() => 0);
  for (const order of orders) {
    const known = new Set<number>();
    for (const feature of order) {
      const before = pay(known);
      known.add(feature);
      sums[feature] = (sums[feature] ?? 0) + pay(known) - before;
    }
  }
  return sums.map((sum) => sum / orders.length);
};

const permutations = (items: readonly number[]): readonly (readonly number[])[] => {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
};

test('the values of a leaf are the mean over all orders in which its features may become known', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
      fc.nat(31),
      (shares, follows) => {
        const into = new Float32Array(5);
        const leaf = { shares: Float64Array.from(shares), from: 0, count: shares.length };
        shapleyOfLeaf(leaf, follows & ((1 << shares.length) - 1), 2, into, 0);
        for (const [feature, expected] of byOrders(shares, follows, 2).entries())
          assert.ok(Math.abs((into[feature] ?? Number.NaN) - expected) < 1e-6);
      },
    ),
  );
});

test('a row is explained alike whichever rows came before it', { skip: skipReference }, () => {
  const read = () => sound(readModel(referenceBytes('skab_raw6_missing.json'), 'missing'));
  const [used, value] = [read(), fc.option(fc.double({ min: -10, max: 2000, noNaN: true }))];
  fc.assert(
    fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), (values) => {
      assert.deepEqual(contributions(used, values), contributions(read(), values));
    }),
    { numRuns: 20 },
  );
});
