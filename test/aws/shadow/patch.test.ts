import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patchTowards, withoutNulls } from '../../../aws/shadow/twins.ts';
import type { Fields } from '../../../domain/fields.ts';
import type { Json, JsonObject } from '../../../local/shadow/json.ts';
import { mergeSection } from '../../../local/shadow/shadow-store.ts';

const { object: objects } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(1, 2, 'x', true),
    fc.array(fc.integer({ max: 3 })),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
}));

const json = (fields: Fields | null): JsonObject => JSON.parse(JSON.stringify(fields ?? {}));

test('the patch leads from any state to any other, and nothing of it could be spared', () => {
  fc.assert(
    fc.property(objects, objects, (current, wanted) => {
      const merged = mergeSection(mergeSection(null, current, 1), json(patchTowards(current, wanted)), 2);
      assert.deepEqual(merged?.state ?? {}, wanted);
      assert.equal(patchTowards(wanted, wanted), null);
    }),
  );
});

test('the patch names nothing that is the same already', () => {
  assert.deepEqual(patchTowards({ a: 1, b: { c: 1, d: [1] }, e: 5 }, { a: 1, b: { c: 2, d: [1] } }), {
    b: { c: 2 },
    e: null,
  });
});

test('null means not there, at any depth', () => {
  assert.deepEqual(withoutNulls({ a: null, b: { c: null, d: 1 }, e: undefined, f: [1] }), {
    b: { d: 1 },
    f: [1],
  });
});
