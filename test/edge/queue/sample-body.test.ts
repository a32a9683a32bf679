import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBody, encodeBody } from '../../../edge/queue/sample-table.ts';

const six = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 6, maxLength: 6 });

test('what is written of a sample is read back as it was, contributions in single precision', () => {
  fc.assert(
    fc.property(
      six(fc.option(fc.double({ noNaN: true }))),
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.option(six(fc.float({ noNaN: true }))),
      (values, probability, why) => {
        assert.deepEqual(decodeBody(encodeBody({ values, probability, why })), { values, probability, why });
      },
    ),
  );
});
