import { damaged, Refusal } from '../model-error.ts';
import type { BoosterRecord } from './booster-record.ts';
import { oneByteText } from './byte-reader.ts';
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

const COMMA = 0x2c;
const STRUCTURE = /["[\]{}]/g;

/** Refuses JSON whose decoding would take far more memory than a model needs: nesting and counts, in one pass. */
const checkJsonSize = (bytes: Uint8Array): void => {
  const text = oneByteText(bytes);
  let depth = 0;
  let containers = 0;
  let texts = 0;
  STRUCTURE.lastIndex = 0;
  // A loop over all bytes would be most of what the first model of a process takes: numbers are passed over natively.
  while (STRUCTURE.test(text)) {
    const mark = text[STRUCTURE.lastIndex - 1];
    if (mark === '"') {
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
