import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { DICTIONARIES, pack, unpack } from '../../../aws/dynamodb/packed.ts';

test('whatever text is packed comes back, and equal text gives equal bytes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      assert.equal(unpack(pack(text), 'it'), text);
      assert.deepEqual(pack(text), pack(text));
    }),
  );
});

test('the dictionaries are those that stored records were packed with', () => {
  // Another one takes another number, and those before it stay readable under their own.
  const digests = DICTIONARIES.map(([number, text]) => [
    number,
    createHash('sha256').update(text).digest('hex'),
  ]);
  assert.deepEqual(digests, [
    [1, '3496837dea2d453b1083df0f00e5e1d255116192762f0c69f7960dffa243ccec'],
    [2, '5074cbad889371a87d2b5a026c4592528e83353360f71fe709016e2871a1aa19'],
    [3, '6ec3c36a1f73884dd99293a8950936d341329efdef1105b1ec11eda09b5acf0e'],
    [4, '0685ccfce174824e08558032fb000451fa4f50547aba7eec2bd5c811ea1a0c61'],
    [5, 'f703ac6d9e95483a15fe011d383c1214678fe3bcb2e8741c1dd6406eec0fbc80'],
    [6, 'a97f5c531fa698e47dfed6e98e08d8122b50d25de7db36c54f0166bbc4a01cb0'],
  ]);
});

test('what was packed with an earlier dictionary is read with that one', () => {
  const text = '{"vitals":null}';
  for (const [number, dictionary] of DICTIONARIES) {
    const bytes = deflateRawSync(text, { dictionary: Buffer.from(dictionary) });
    assert.equal(unpack(Buffer.concat([Buffer.of(number), bytes]), 'it'), text);
  }
});

test('what another program packed, and what is damaged, is named and not guessed at', () => {
  const packed = pack('{"alarm":{"condition":"NORMAL"}}');
  const newest = packed[0] ?? 0;
  const newer = Buffer.from([newest + 1, ...packed.subarray(1)]);
  assert.throws(() => unpack(newer, 'C#cyl-07'), /LedgerError: C#cyl-07 was written by a newer program/);
  for (const bytes of [packed.subarray(0, 5), Buffer.of(newest), Buffer.of(newest, 255)]) {
    assert.throws(() => unpack(bytes, 'C#cyl-07'), { name: 'LedgerError', code: 'poison' });
  }
});
