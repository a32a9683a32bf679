import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LedgerError } from '../aws-error.ts';
import { DICTIONARIES } from './dictionary.ts';

const dictionaries = new Map(DICTIONARIES.map(([number, text]) => [number, Buffer.from(text)]));
const newest = Math.max(...dictionaries.keys());

/** No record comes near it: what would grow beyond it is not one of ours. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Packs text: a byte that tells the dictionary, then the text by DEFLATE (RFC 1951). Equal text gives equal bytes. */
export const pack = (text: string): Uint8Array =>
  Buffer.concat([
    Buffer.of(newest),
    deflateRawSync(text, { dictionary: dictionaries.get(newest), level: 9, memLevel: 9 }),
  ]);

/** Reads what `pack` made, with whichever dictionary; throws a LedgerError that names `what`. */
export const unpack = (bytes: Uint8Array, what: string): string => {
  const dictionary = dictionaries.get(bytes[0] ?? 0);
  if (dictionary === undefined)
    throw new LedgerError('poison', `${what} was written by a newer program: deploy that one again`);
  try {
    return inflateRawSync(bytes.subarray(1), { dictionary, maxOutputLength: MAX_BYTES }).toString('utf8');
  } catch (cause) {
    throw new LedgerError('poison', `${what} is damaged`, cause);
  }
};
