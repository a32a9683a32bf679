import { damaged, Refusal } from '../model-error.ts';
import type { BoosterRecord } from './booster-record.ts';
import { readDocument } from './read-document.ts';

/** The booster in a model saved as JSON. */
export const readJson = (bytes: Uint8Array): BoosterRecord => {
  checkJsonSize(bytes);
  return readDocument(parse(bytes));
};

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('it begins like JSON and is none');
  }
};

// A model is some eight levels deep. A tree has fifteen lists, two objects and some twenty-five texts, most of them keys.
const DEEPEST = 32;
const MAX_VALUES = 3_000_000;
const MAX_CONTAINERS = 200_000;
const MAX_TEXTS = 300_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Refuses JSON whose decoding would take far more memory than a model needs: nesting and counts, in one pass. */
const checkJsonSize = (bytes: Uint8Array): void => {
  let depth = 0;
  let containers = 0;
  let separators = 0;
  let texts = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        texts++;
        at = endOfText(bytes, at + 1);
        break;
      case 0x5b: // [
      case 0x7b: // {
        containers++;
        if (++depth > DEEPEST) throw damaged('it is nested too deeply');
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        separators++;
        break;
    }
  }
  if (separators > MAX_VALUES || containers > MAX_CONTAINERS || texts > MAX_TEXTS)
    throw new Refusal(
      'too-large',
      `it holds ${separators} values and ${texts} texts`,
      'train fewer or smaller trees',
    );
};

const endOfText = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
};
