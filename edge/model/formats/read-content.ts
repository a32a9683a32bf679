import { damaged, Refusal } from '../model.ts';
import type { BoosterRecord } from './booster-record.ts';
import { byteReader } from './byte-reader.ts';
import {
  describeOther,
  gunzip,
  type Kind,
  type NamedBytes,
  pickModelFiles,
  sniff,
  untar,
} from './pick-model-files.ts';
import { isHeaderless, readBinary } from './read-binary.ts';
import { readDocument } from './read-document.ts';
import { readPickle } from './read-pickle.ts';
import { readUbjson } from './read-ubjson.ts';

/** The booster in a model saved as JSON. */
const readJson = (bytes: Uint8Array): BoosterRecord => readDocument(parse(bytes));

const parse = (bytes: Uint8Array): unknown => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    checkJsonSize(bytes, text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw damaged('it begins like JSON and is none');
  }
};

// A model is some eight levels deep. A tree has fifteen lists, two objects and some twenty-five texts, most of them keys.
const DEEPEST = 32;
const MAX_VALUES = 3_000_000;
const MAX_CONTAINERS = 200_000;
const MAX_TEXTS = 300_000;

const COMMA = 0x2c;
// A list of numbers with the comma behind it, a key with its colon, or what begins or ends something else.
const STRUCTURE = /\[[^"[\]{}]*\],|"[^"\\]*":|["[\]{}]/g;

/** Refuses JSON whose decoding would take far more memory than a model needs: nesting and counts, in one pass. */
const checkJsonSize = (bytes: Uint8Array, text: string): void => {
  let depth = 0;
  let containers = 0;
  let texts = 0;
  STRUCTURE.lastIndex = 0;
  // The first model of a process is read before anything is compiled: numbers are passed over natively.
  while (STRUCTURE.test(text)) {
    const mark = text[STRUCTURE.lastIndex - 1];
    if (mark === ':') texts++;
    else if (mark === ',') containers++;
    else if (mark === '"') {
      texts++;
      STRUCTURE.lastIndex = endOfText(text, STRUCTURE.lastIndex) + 1;
    } else if (mark === '[' || mark === '{') {
      containers++;
      if (++depth > DEEPEST) throw damaged('it is nested too deeply');
    } else depth--;
  }
  const separators =
    bytes.length > MAX_VALUES ? bytes.reduce((sum, byte) => sum + Number(byte === COMMA), 0) : 0;
  if (separators > MAX_VALUES || containers > MAX_CONTAINERS || texts > MAX_TEXTS)
    throw new Refusal(
      'too-large',
      `it holds ${separators} values and ${texts} texts`,
      'train fewer or smaller trees',
    );
};

const endOfText = (text: string, start: number): number => {
  let at = start;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return text.length;
    let before = end;
    while (before > start && text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
    at = end + 1;
  }
};

/** What a file turned out to hold: one booster or several folds, and its wrappings from the outside in. */
export type Content = Readonly<{ boosters: readonly BoosterRecord[]; format: readonly string[] }>;

/** Unwraps bytes down to the boosters in them. A wrapping may not hold another of its kind. */
export const readContent = (bytes: Uint8Array, wrappings: readonly Kind[] = []): Content => {
  const kind = sniff(bytes);
  if (wrappings.includes(kind)) throw damaged(`it is wrapped as ${kind} twice`);
  const inner = [...wrappings, kind];
  switch (kind) {
    case 'gzip':
      return wrapped('gzip', readContent(gunzip(bytes), inner));
    case 'tar':
      return wrapped('tar', readFiles(untar(bytes), inner));
    case 'pickle':
      return readPickled(bytes, inner);
    case 'config-offset':
      return wrapped('serialized', readContent(readConfigOffset(bytes), inner));
    case 'json':
      return { boosters: [readJson(bytes)], format: ['JSON'] };
    case 'ubjson':
      return { boosters: [readUbjson(bytes)], format: ['UBJSON'] };
    case 'binary':
      return { boosters: [readBinary(bytes)], format: ['binary'] };
    case 'unknown':
      if (isHeaderless(bytes)) return { boosters: [readBinary(bytes)], format: ['headerless binary'] };
      throw describeOther(bytes);
  }
};

/** The model among the files of a folder or archive. */
export const readFiles = (files: readonly NamedBytes[], wrappings: readonly Kind[]): Content => {
  const contents = pickModelFiles(files).map(({ name, bytes }) => {
    try {
      return readContent(bytes, wrappings);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.code, `in ${name}, ${error.message}`, error.advice);
    }
  });
  const format = contents[0]?.format ?? [];
  if (contents.length === 1) return { boosters: contents[0]?.boosters ?? [], format };
  return wrapped(`${contents.length} folds`, {
    boosters: contents.flatMap(({ boosters }) => boosters),
    format,
  });
};

// Before 1.4 only Python knew the names of the features.
const readPickled = (bytes: Uint8Array, wrappings: readonly Kind[]): Content => {
  const pickled = readPickle(bytes);
  const { boosters, format } = readContent(pickled.bytes, wrappings);
  const completed = boosters.map((booster) => ({
    ...booster,
    featureNames: booster.featureNames ?? pickled.featureNames,
    bestIteration: booster.bestIteration ?? pickled.bestIteration,
  }));
  return wrapped('pickle', { boosters: completed, format });
};

const wrapped = (wrapping: string, { boosters, format }: Content): Content => ({
  boosters,
  format: [wrapping, ...format],
});

const HEADER = 'CONFIG-offset:';

/** The model in what XGBoost 1.0 to 1.2 serialises: a header, the model's length, the model, its configuration. */
const readConfigOffset = (bytes: Uint8Array): Uint8Array => {
  const from = byteReader(bytes, 'little');
  from.bytes(HEADER.length);
  const length = from.count64();
  if (length > from.left()) throw damaged('its configuration is not where it should be');
  return from.bytes(length);
};
