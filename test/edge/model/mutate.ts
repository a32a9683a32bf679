import { gzipSync } from 'node:zlib';

/** A source of whole numbers from 0 to below `limit`, the same for the same seed (mulberry32). */
export type Dice = (limit: number) => number;

export const dice = (seed: number): Dice => {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
};

type Mutation = (bytes: Uint8Array, roll: Dice) => Uint8Array;

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x2e, 0x24, 0x23, 0x4c, 0x5b, 0x7b, 0x28, 0x52];

const changed = (bytes: Uint8Array, at: number, to: (byte: number) => number): Uint8Array => {
  const result = bytes.slice();
  result[at] = to(result[at] ?? 0);
  return result;
};

const joined = (head: Uint8Array, tail: Uint8Array): Uint8Array => {
  const result = new Uint8Array(head.length + tail.length);
  result.set(head);
  result.set(tail, head.length);
  return result;
};

const mutations: readonly Mutation[] = [
  // A flipped bit, some changed bytes, a run of one byte.
  (bytes, roll) => changed(bytes, roll(bytes.length), (byte) => byte ^ (1 << roll(8))),
  (bytes, roll) => {
    let result = bytes;
    for (let left = 1 + roll(8); left > 0; left--)
      result = changed(result, roll(bytes.length), () => INTERESTING[roll(INTERESTING.length)] ?? 0);
    return result;
  },
  (bytes, roll) => {
    const start = roll(bytes.length);
    return bytes.slice().fill(INTERESTING[roll(INTERESTING.length)] ?? 0, start, start + 1 + roll(16));
  },
  // Cut off, cut out, repeated, spliced.
  (bytes, roll) => bytes.slice(0, roll(bytes.length)),
  (bytes, roll) => {
    const start = roll(bytes.length);
    return joined(bytes.subarray(0, start), bytes.subarray(start + 1 + roll(64)));
  },
  (bytes, roll) => {
    const start = roll(bytes.length);
    return joined(bytes.subarray(0, start), bytes.subarray(Math.max(0, start - roll(256))));
  },
  // A count or index blown up: four or eight bytes of a number's end.
  (bytes, roll) => {
    const result = bytes.slice();
    const view = new DataView(result.buffer);
    const at = roll(Math.max(1, bytes.length - 8));
    if (bytes.length >= 8) view.setInt32(at, [-1, 0x7fffffff, 10_000_000, 1, 0][roll(5)] ?? 0, roll(2) === 0);
    return result;
  },
  // Digits of a number in a text.
  (bytes, roll) => {
    const start = roll(bytes.length);
    const digit = bytes.findIndex((byte, at) => at >= start && byte >= 0x30 && byte <= 0x39);
    return digit === -1 ? bytes.slice(1) : changed(bytes, digit, () => 0x30 + roll(10));
  },
  (bytes) => new Uint8Array(gzipSync(bytes, { level: 1 })),
];

/** The bytes after one to three random mutations. */
export const mutate = (bytes: Uint8Array, roll: Dice): Uint8Array => {
  let result = bytes;
  for (let left = 1 + roll(3); left > 0 && result.length > 0; left--)
    result = mutations[roll(mutations.length)]?.(result, roll) ?? result;
  return result;
};
