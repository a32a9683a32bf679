import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { zip } from '../../../edge/build/package-files.ts';
import { unzip } from './unzip.ts';

const entry = fc.record({
  path: fc.stringMatching(/^[a-zé0-9/._-]{1,30}$/),
  bytes: fc.uint8Array({ maxLength: 3000 }),
});
const entries = fc.uniqueArray(entry, { maxLength: 12, selector: ({ path }) => path });

test('whatever is put into a zip comes out of it', () => {
  fc.assert(
    fc.property(entries, (given) => {
      const read = new Map(unzip(zip(given)).map(({ path, bytes }) => [path, Buffer.from(bytes)]));
      assert.equal(read.size, given.length);
      for (const { path, bytes } of given) assert.deepEqual(read.get(path), Buffer.from(bytes));
    }),
  );
});

test('the same entries make the same bytes, in whatever order and at whatever time', () => {
  fc.assert(
    fc.property(entries, (given) => {
      assert.deepEqual(zip(given), zip(given.toReversed()));
    }),
  );
});
