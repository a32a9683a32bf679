import { damaged } from '../model.ts';
import { type ByteReader, byteReader, oneByteText } from './byte-reader.ts';

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

const NAMED: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A line of a text pickle with its backslash escapes carried out: \\x41, \\u0041, \\U00000041 and named ones. */
const withoutEscapes = (line: string): string => {
  if (!line.includes('\\')) return line;
  // One place for each character: a line may hold millions of escapes.
  const units = new Uint16Array(line.length);
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    const escaped = line[at] === '\\' ? readEscape(line, at + 1) : null;
    units[count++] = escaped?.unit ?? line.charCodeAt(at);
    at += escaped?.length ?? 0;
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
};

const readEscape = (line: string, at: number): Readonly<{ unit: number; length: number }> | null => {
  const mark = line[at] ?? '';
  const digits = DIGITS[mark];
  if (digits === undefined) {
    const unit = NAMED[mark];
    return unit === undefined ? null : { unit, length: 1 };
  }
  const hex = line.slice(at + 1, at + 1 + digits);
  const unit = Number.parseInt(hex, 16);
  return hex.length === digits && unit <= 0xffff ? { unit, length: 1 + digits } : null;
};
