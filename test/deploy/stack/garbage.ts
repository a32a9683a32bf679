import { randomBytes } from 'node:crypto';

/** Messages that nobody can understand: cut off, not UTF-8, and 100 KB of anything. */
export const GARBAGE: readonly Uint8Array[] = [
  Buffer.from('{"v":1,"samples":[{"t":17638'),
  Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
  randomBytes(100 * 1024),
];

/** Messages in an order of their own, to compare them by. */
export const sortedBytes = (all: readonly Uint8Array[]): readonly string[] =>
  all.map((bytes) => Buffer.from(bytes).toString('base64')).sort();
