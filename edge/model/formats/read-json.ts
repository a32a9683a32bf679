import { damaged } from '../model-error.ts';
import type { BoosterRecord } from './booster-record.ts';
import { checkJsonSize } from './json-size.ts';
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
