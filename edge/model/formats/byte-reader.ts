import { damaged } from '../model.ts';

const LONGEST_LINE = 16 * 2 ** 20;

/** A place in bytes that moves on as they are read; reading past the end is a Refusal. */
export type ByteReader = Readonly<{
  at: () => number;
  left: () => number;
  uint8: () => number;
  int8: () => number;
  int16: () => number;
  uint16: () => number;
  int32: () => number;
  uint32: () => number;
  /** A 64-bit count as a number; refused when it is negative or beyond 2^53. */
  count64: () => number;
  int64: () => bigint;
  float32: () => number;
  float64: () => number;
  /** A view, not a copy. */
  bytes: (count: number) => Uint8Array;
  /** The text up to a line feed, which is skipped. */
  line: () => string;
}>;

/** Reads bytes from their start, with numbers in little- or big-endian order. */
export const byteReader = (source: Uint8Array, order: 'little' | 'big'): ByteReader => {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const little = order === 'little';
  let next = 0;
  const take = (count: number): number => {
    if (count < 0 || count > source.length - next)
      throw damaged(`it ends at byte ${source.length}, where more should come`);
    const start = next;
    next += count;
    return start;
  };
  return {
    at: () => next,
    left: () => source.length - next,
    uint8: () => view.getUint8(take(1)),
    int8: () => view.getInt8(take(1)),
    int16: () => view.getInt16(take(2), little),
    uint16: () => view.getUint16(take(2), little),
    int32: () => view.getInt32(take(4), little),
    uint32: () => view.getUint32(take(4), little),
    int64: () => view.getBigInt64(take(8), little),
    count64: () => {
      const count = Number(view.getBigInt64(take(8), little));
      if (count < 0 || !Number.isSafeInteger(count)) throw damaged(`it announces a length of ${count}`);
      return count;
    },
    float32: () => view.getFloat32(take(4), little),
    float64: () => view.getFloat64(take(8), little),
    bytes: (count) => {
      const start = take(count);
      return source.subarray(start, start + count);
    },
    line: () => {
      const end = source.indexOf(0x0a, next);
      if (end === -1) throw damaged(`it ends at byte ${source.length}, within a line`);
      if (end - next > LONGEST_LINE) throw damaged(`the line at byte ${next} is too long`);
      const start = take(end + 1 - next);
      return oneByteText(source.subarray(start, end));
    },
  };
};

/** One character for each byte. The decoder that the platform calls latin1 is Windows-1252, which differs. */
export const oneByteText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
