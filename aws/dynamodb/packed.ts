import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DICTIONARY, DICTIONARY_VERSION } from './dictionary.ts';
import { failureCode, LedgerError } from './ledger-error.ts';

const dictionary = Buffer.from(DICTIONARY);

/** No record comes near it: what would grow beyond it is not one of ours. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Packs plain data: a byte that tells the dictionary, then its JSON by DEFLATE (RFC 1951). Equal data gives equal bytes. */
export const pack = (value: unknown): Uint8Array =>
  Buffer.concat([
    Buffer.of(DICTIONARY_VERSION),
    deflateRawSync(JSON.stringify(value), { dictionary, level: 9, memLevel: 9 }),
  ]);

/** Reads what `pack` made of a T; throws a LedgerError that names `what`. */
export const unpack = <T>(bytes: Uint8Array, what: string): T => {
  if (bytes[0] !== DICTIONARY_VERSION)
    throw new LedgerError('Unreadable', `${what} was written by a newer program: deploy that one again`);
  try {
    const text = inflateRawSync(bytes.subarray(1), { dictionary, maxOutputLength: MAX_BYTES });
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new LedgerError('Unreadable', `${what} is damaged (${failureCode(cause)})`, cause);
  }
};
