import { damaged, Refusal } from '../model.ts';
import type { BoosterRecord } from './booster-record.ts';
import { byteReader } from './byte-reader.ts';
import { pickModelFiles } from './pick-model-files.ts';
import { gunzip, type NamedBytes, untar } from './read-archive.ts';
import { isHeaderless, readBinary } from './read-binary.ts';
import { readJson } from './read-json.ts';
import { readPickle } from './read-pickle.ts';
import { readUbjson } from './read-ubjson.ts';
import { describeOther, type Kind, sniff } from './sniff.ts';

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
