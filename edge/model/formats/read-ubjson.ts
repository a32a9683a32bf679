import { damaged } from '../model.ts';
import type { BoosterRecord } from './booster-record.ts';
import { readDocument } from './read-document.ts';

// A model is some six levels deep with some twenty objects and lists for each tree.
const DEEPEST = 32;
const MAX_VALUES = 3_000_000;

/** A place in bytes that moves on. The first model of a process is read before anything is compiled: in few steps. */
type Reading = {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The bytes from the first, second, third and fourth on as words of the other order, once they are asked for. */
  readonly words: (ArrayBuffer | undefined)[];
  at: number;
  valuesLeft: number;
};

const MARKS: readonly string[] = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The booster in a model saved as UBJSON (draft 12, as XGBoost writes it: big-endian, typed arrays). */
export const readUbjson = ({ buffer, byteOffset, length }: Uint8Array): BoosterRecord => {
  const reading: Reading = {
    bytes: Buffer.from(buffer, byteOffset, length),
    view: new DataView(buffer, byteOffset, length),
    words: [],
    at: 0,
    valuesLeft: MAX_VALUES,
  };
  const document = readValue(reading, marker(reading), 0);
  if (leftOf(reading) > 0) throw damaged(`${leftOf(reading)} bytes follow its end`);
  return readDocument(document);
};

const leftOf = ({ bytes, at }: Reading): number => bytes.length - at;

/** Moves on, and gives the place before. */
const take = (reading: Reading, count: number): number => {
  const start = reading.at;
  reading.at = start + count;
  return reading.at > reading.bytes.length ? endsEarly(reading) : start;
};

const marker = (reading: Reading): string =>
  MARKS[reading.bytes[reading.at++] ?? MARKS.length] ?? endsEarly(reading);

const endsEarly = ({ bytes }: Reading): never => {
  throw damaged(`it ends at byte ${bytes.length}, where more should come`);
};

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
      return readNumber(reading, type);
  }
};

const readNumber = (reading: Reading, type: string): number => {
  const { view } = reading;
  switch (type) {
    case 'i':
      return view.getInt8(take(reading, 1));
    case 'U':
      return view.getUint8(take(reading, 1));
    case 'I':
      return view.getInt16(take(reading, 2));
    case 'l':
      return view.getInt32(take(reading, 4));
    case 'L': {
      const at = take(reading, 8);
      return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
    }
    case 'd':
      return view.getFloat32(take(reading, 4));
    case 'D':
      return view.getFloat64(take(reading, 8));
    default:
      throw damaged(`byte ${reading.at} is no type mark`);
  }
};

const readText = (reading: Reading): string => {
  const length = readLength(reading, marker(reading));
  const start = take(reading, length);
  try {
    return UTF8.decode(reading.bytes.subarray(start, start + length));
  } catch {
    throw damaged(`the text before byte ${reading.at} is not UTF-8`);
  }
};

const readLength = (reading: Reading, type: string): number => {
  const { view, at } = reading;
  // As XGBoost has every length.
  if (type === 'L' && at + 8 <= view.byteLength && view.getInt32(at) === 0) {
    reading.at = at + 8;
    return view.getUint32(at + 4);
  }
  if (!'iUIlL'.includes(type)) throw damaged(`byte ${reading.at} announces no length`);
  const length = readNumber(reading, type);
  if (!Number.isSafeInteger(length) || length < 0) throw damaged(`it announces a length of ${length}`);
  return length;
};

const readObject = (reading: Reading, depth: number): Record<string, unknown> => {
  const object: Record<string, unknown> = Object.create(null);
  for (let type = marker(reading); type !== '}'; type = marker(reading)) {
    if (type === 'N') continue;
    const length = readLength(reading, type);
    const start = take(reading, length);
    const key = reading.bytes.toString('latin1', start, start + length);
    if (key in object) throw damaged(`it holds ${key} twice`);
    object[key] = readValue(reading, marker(reading), depth + 1);
  }
  return object;
};

const readList = (reading: Reading, depth: number): unknown => {
  let type = marker(reading);
  if (type === '$') {
    const element = marker(reading);
    if (marker(reading) !== '#') throw damaged(`the list at byte ${reading.at} has no length`);
    return readColumn(reading, element, readLength(reading, marker(reading)));
  }
  const list: unknown[] = [];
  if (type === '#') {
    const length = readLength(reading, marker(reading));
    if (length > leftOf(reading)) throw damaged(`a list announces ${length} entries`);
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
  const elementBytes = ELEMENT_BYTES[type];
  if (elementBytes === undefined) throw damaged(`a list announces entries of type ${type}`);
  if (length > leftOf(reading) / elementBytes) throw damaged(`a list announces ${length} entries`);
  reading.valuesLeft -= length;
  if (reading.valuesLeft < 0) throw damaged('it holds too many values');
  if (type === 'd' || type === 'l') {
    const start = take(reading, 4 * length);
    const first = start % 4;
    const words = wordsFrom(reading, first);
    return type === 'd'
      ? new Float32Array(words, start - first, length)
      : new Int32Array(words, start - first, length);
  }
  if (type === 'U') {
    const start = take(reading, length);
    return new Float64Array(reading.bytes.subarray(start, start + length));
  }
  const column = new Float64Array(length);
  for (let i = 0; i < length; i++) column[i] = readNumber(reading, type);
  return column;
};

/** All big-endian words in the order of every machine that this runs on at once: what makes most of a model. */
const wordsFrom = ({ bytes, words }: Reading, first: number): ArrayBuffer => {
  const known = words[first];
  if (known !== undefined) return known;
  const end = bytes.length - ((bytes.length - first) % 4);
  const { buffer } = new Uint8Array(bytes.subarray(first, end));
  Buffer.from(buffer).swap32();
  words[first] = buffer;
  return buffer;
};
