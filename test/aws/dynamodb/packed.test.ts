import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { DICTIONARY, DICTIONARY_VERSION } from '../../../aws/dynamodb/dictionary.ts';
import { pack, unpack } from '../../../aws/dynamodb/packed.ts';

test('whatever JSON is packed comes back, and equal data gives equal bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      assert.deepEqual(unpack(pack(value), 'it'), plain);
      assert.deepEqual(pack(value), pack(plain));
    }),
  );
});

test('the dictionary is the one that stored records were packed with', () => {
  // Another dictionary takes another version, and this one stays readable under its own.
  assert.equal(DICTIONARY_VERSION, 1);
  assert.equal(
    createHash('sha256').update(DICTIONARY).digest('hex'),
    '3496837dea2d453b1083df0f00e5e1d255116192762f0c69f7960dffa243ccec',
  );
});

test('what another program packed, and what is damaged, is named and not guessed at', () => {
  const packed = pack({ alarm: { condition: 'NORMAL' } });
  const newer = Buffer.from([DICTIONARY_VERSION + 1, ...packed.subarray(1)]);
  assert.throws(() => unpack(newer, 'C#cyl-07'), /LedgerError: C#cyl-07 was written by a newer program/);
  for (const bytes of [
    packed.subarray(0, 5),
    Buffer.of(DICTIONARY_VERSION),
    Buffer.of(DICTIONARY_VERSION, 255),
  ]) {
    assert.throws(() => unpack(bytes, 'C#cyl-07'), { name: 'LedgerError', code: 'Unreadable' });
  }
});
