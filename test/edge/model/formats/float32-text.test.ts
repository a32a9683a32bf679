import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { float32Text } from '../../../../edge/model/predict/single-precision.ts';

test('every single-precision number reads back as itself', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(Math.fround(Number(float32Text(value))), value));
    }),
  );
});

for (const [value, text] of [
  [0.5, '0.5'],
  [Math.fround(0.1), '0.1'],
  [Math.fround(0.525327), '0.525327'],
  [16777216, '16777216'],
  [-0, '-0'],
  [Math.fround(1e-45), '1e-45'],
] as const)
  test(`${text} is printed without idle digits`, () => assert.equal(float32Text(value), text));
