import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Json, type JsonObject, sameJson } from '../../../local/shadow/json.ts';
import { patchTowards } from '../../../local/shadow/shadow-service.ts';
import { mergeSection } from '../../../local/shadow/shadow-store.ts';

const { object: objects } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(1, 2, 'x'),
    fc.array(fc.integer({ max: 3 })),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
}));

test('the patch leads from any state to any other, and is none when they are the same', () => {
  fc.assert(
    fc.property(objects, objects, (current, wanted) => {
      const patch = patchTowards(current, wanted);
      assert.equal(patch === null, sameJson(current, wanted));
      const section = mergeSection(mergeSection(null, current, 1), patch ?? {}, 2);
      assert.deepEqual(section?.state ?? {}, wanted);
    }),
  );
});

test('the patch names nothing that is the same already', () => {
  assert.deepEqual(
    patchTowards({ a: 1, b: { c: 1, d: [1] }, e: 5 }, { a: 1, b: { c: 2, d: [1] }, f: null }),
    {
      b: { c: 2 },
      e: null,
    },
  );
});
