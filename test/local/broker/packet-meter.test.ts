import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPacketMeter } from '../../../local/broker/inbound-guard.ts';

const packet = (length: number): Buffer => {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
};

const chunks = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const cut: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
};

const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 });
const lengths = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(127, 128, 16383, 16384)),
  {
    minLength: 1,
    maxLength: 8,
  },
);

test('packets up to the limit pass, and the end of the first is found, however the bytes are cut', () => {
  fc.assert(
    fc.property(lengths, sizes, (packetLengths, cuts) => {
      const meter = createPacketMeter(16384);
      let seen = 0;
      const ends: number[] = [];
      for (const chunk of chunks(Buffer.concat(packetLengths.map(packet)), cuts)) {
        const { firstEnd, tooLongBytes } = meter(chunk);
        assert.equal(tooLongBytes, 0);
        if (firstEnd !== null) ends.push(seen + firstEnd);
        seen += chunk.length;
      }
      assert.equal(ends[0], packet(packetLengths[0] ?? 0).length);
    }),
  );
});

test('a packet over the limit is lengths at its header, however the bytes are cut', () => {
  fc.assert(
    fc.property(lengths, sizes, (before, cuts) => {
      const meter = createPacketMeter(16384);
      const header = packet(16385).subarray(0, 4);
      const lengths = chunks(Buffer.concat([...before.map(packet), header]), cuts).map(
        (chunk) => meter(chunk).tooLongBytes,
      );
      assert.equal(lengths.at(-1), 16385);
      assert.ok(lengths.slice(0, -1).every((bytes) => bytes === 0));
    }),
  );
});
