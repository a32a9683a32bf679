import { damaged, Refusal } from '../model.ts';
import type { BoosterRecord } from './booster-record.ts';
import { readDocument } from './read-document.ts';

/** The booster in a model saved as JSON. */
export const readJson = (bytes: Uint8Array): BoosterRecord => readDocument(parse(bytes));

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
