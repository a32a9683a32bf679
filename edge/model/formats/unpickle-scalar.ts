import { damaged } from '../model-error.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { oneByteText } from './one-byte-text.ts';
import { withoutEscapes } from './pickle-escape.ts';

/** A value that a pickle describes. A call is what Python would do on loading; here it stays a description. */
export type Pickled =
  | { readonly kind: 'none' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'list'; readonly items: Pickled[] }
  | { readonly kind: 'dict'; readonly entries: Map<string, Pickled> }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly given: readonly Pickled[];
      state: Pickled | null;
    };

/** The value of a step that puts down a constant; null when the code is of another step. */
export const readPickledScalar = (from: ByteReader, code: string): Pickled | null =>
  readNumber(from, code) ?? readText(from, code) ?? readBytes(from, code);

const number = (value: number): Pickled => ({ kind: 'number', value });

const readNumber = (from: ByteReader, code: string): Pickled | null => {
  switch (code) {
    case 'N':
      return { kind: 'none' };
    case '\x88':
      return number(1);
    case '\x89':
      return number(0);
    case 'I':
    case 'L':
    case 'F':
      return number(Number.parseFloat(from.line()));
    case 'J':
      return number(from.int32());
    case 'K':
      return number(from.uint8());
    case 'M':
      return number(from.uint16());
    case 'G':
      return number(byteReader(from.bytes(8), 'big').float64());
    case '\x8a':
      return long(from.bytes(from.uint8()));
    case '\x8b':
      return long(from.bytes(from.int32()));
    default:
      return null;
  }
};

// Little-endian two's complement; only small ones mean anything in a model.
const long = (bytes: Uint8Array): Pickled => {
  if (bytes.length > 6) return number(Number.NaN);
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return number((bytes.at(-1) ?? 0) >= 0x80 ? value - 256 ** bytes.length : value);
};

const readText = (from: ByteReader, code: string): Pickled | null => {
  switch (code) {
    case 'X':
      return { kind: 'text', text: utf8(from.bytes(from.uint32())) };
    case '\x8c':
      return { kind: 'text', text: utf8(from.bytes(from.uint8())) };
    case '\x8d':
      return { kind: 'text', text: utf8(from.bytes(from.count64())) };
    case 'T':
      return { kind: 'text', text: oneByteText(from.bytes(from.int32())) };
    case 'U':
      return { kind: 'text', text: oneByteText(from.bytes(from.uint8())) };
    case 'V':
      return { kind: 'text', text: withoutEscapes(from.line()) };
    case 'S':
      return {
        kind: 'text',
        text: withoutEscapes(from.line().slice(1, -1)),
      };
    default:
      return null;
  }
};

const readBytes = (from: ByteReader, code: string): Pickled | null => {
  switch (code) {
    case 'B':
      return { kind: 'bytes', bytes: from.bytes(from.uint32()) };
    case 'C':
      return { kind: 'bytes', bytes: from.bytes(from.uint8()) };
    case '\x8e':
    case '\x96':
      return { kind: 'bytes', bytes: from.bytes(from.count64()) };
    default:
      return null;
  }
};

const utf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged('a text in the pickle is not UTF-8');
  }
};
