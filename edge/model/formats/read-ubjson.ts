import { damaged } from '../model-error.ts';
import type { BoosterRecord } from './booster-record.ts';
import { type ByteReader, byteReader, oneByteText } from './byte-reader.ts';
import { readDocument } from './read-document.ts';

// A model is some six levels deep with some twenty objects and lists for each tree.
const DEEPEST = 32;
const MAX_VALUES = 3_000_000;

type Reading = { readonly from: ByteReader; valuesLeft: number };

/** The booster in a model saved as UBJSON (draft 12, as XGBoost writes it: big-endian, typed arrays). */
export const readUbjson = (bytes: Uint8Array): BoosterRecord => {
  const reading: Reading = { from: byteReader(bytes, 'big'), valuesLeft: MAX_VALUES };
  const document = readValue(reading, marker(reading), 0);
  if (reading.from.left() > 0) throw damaged(`${reading.from.left()} bytes follow its end`);
  return readDocument(document);
};

const marker = ({ from }: Reading): string => String.fromCharCode(from.uint8());

const readValue = (reading: Reading, type: string, depth: number): unknown => {
  if (depth > DEEPEST) throw damaged('it is nested too deeply');
  if (--reading.valuesLeft < 0) throw damaged('it holds too many values');
  switch (type) {
    case '{':
      return readObject(reading, depth);
    case '[':
      return readList(reading, depth);
    case 'S':
      return readText(reading);
    case 'T':
      return true;
    case 'F':
      return false;
    case 'Z':
      return null;
    default:
      return readNumber(reading.from, type);
  }
};

const readNumber = (from: ByteReader, type: string): number => {
  switch (type) {
    case 'i':
      return from.int8();
    case 'U':
      return from.uint8();
    case 'I':
      return from.int16();
    case 'l':
      return from.int32();
    case 'L':
      return Number(from.int64());
    case 'd':
      return from.float32();
    case 'D':
      return from.float64();
    default:
      throw damaged(`byte ${from.at()} is no type mark`);
  }
};

const readText = (reading: Reading): string => {
  const bytes = reading.from.bytes(readLength(reading));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged(`the text before byte ${reading.from.at()} is not UTF-8`);
  }
};

const readLength = (reading: Reading, type = marker(reading)): number => {
  if (!'iUIlL'.includes(type)) throw damaged(`byte ${reading.from.at()} announces no length`);
  const length = readNumber(reading.from, type);
  if (!Number.isSafeInteger(length) || length < 0) throw damaged(`it announces a length of ${length}`);
  return length;
};

const readObject = (reading: Reading, depth: number): Record<string, unknown> => {
  const object: Record<string, unknown> = Object.create(null);
  for (let type = marker(reading); type !== '}'; type = marker(reading)) {
    if (type === 'N') continue;
    const key = oneByteText(reading.from.bytes(readLength(reading, type)));
    if (Object.hasOwn(object, key)) throw damaged(`it holds ${key} twice`);
    object[key] = readValue(reading, marker(reading), depth + 1);
  }
  return object;
};

const readList = (reading: Reading, depth: number): unknown => {
  let type = marker(reading);
  if (type === '$') {
    const element = marker(reading);
    if (marker(reading) !== '#') throw damaged(`the list at byte ${reading.from.at()} has no length`);
    return readColumn(reading, element, readLength(reading));
  }
  const list: unknown[] = [];
  if (type === '#') {
    const length = readLength(reading);
    if (length > reading.from.left()) throw damaged(`a list announces ${length} entries`);
    for (let i = 0; i < length; i++) list.push(readValue(reading, marker(reading), depth + 1));
    return list;
  }
  for (; type !== ']'; type = marker(reading))
    if (type !== 'N') list.push(readValue(reading, type, depth + 1));
  return list;
};

const ELEMENT_BYTES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

type NumberColumn = Float64Array | Float32Array | Int32Array;

const readColumn = (reading: Reading, type: string, length: number): NumberColumn => {
  const { from } = reading;
  const elementBytes = ELEMENT_BYTES[type];
  if (elementBytes === undefined) throw damaged(`a list announces entries of type ${type}`);
  if (length > from.left() / elementBytes) throw damaged(`a list announces ${length} entries`);
  reading.valuesLeft -= length;
  if (reading.valuesLeft < 0) throw damaged('it holds too many values');
  if (type === 'd') return new Float32Array(swapped(from.bytes(4 * length)));
  if (type === 'l') return new Int32Array(swapped(from.bytes(4 * length)));
  if (type === 'U') return new Float64Array(from.bytes(length));
  const column = new Float64Array(length);
  for (let i = 0; i < length; i++) column[i] = readNumber(from, type);
  return column;
};

/** A copy of big-endian words in the order of every machine that this runs on: what makes most of a model, all at once. */
const swapped = (bytes: Uint8Array): ArrayBuffer => {
  const { buffer } = new Uint8Array(bytes);
  Buffer.from(buffer).swap32();
  return buffer;
};
