import { gunzipSync } from 'node:zlib';
import { damaged, Refusal } from '../model.ts';

/** A file of an archive or a folder. */
export type NamedBytes = Readonly<{ name: string; bytes: Uint8Array }>;

const BLOCK_BYTES = 512;
/** A thousand trees of depth 8 as JSON; more than this is refused before it fills the memory. */
export const LARGEST_MODEL_BYTES = 40 * 2 ** 20;

/** What a gzip file holds, up to 40 MB; its checksum is verified. */
export const gunzip = (bytes: Uint8Array): Uint8Array => {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_MODEL_BYTES });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal('too-large', 'it unpacks to more than 40 MB', 'pack the model alone');
    throw damaged('its compression breaks off or its checksum is wrong');
  }
};

/** The regular files in a tar archive (POSIX ustar with GNU or pax long names), as views on its bytes. */
export const untar = (bytes: Uint8Array): readonly NamedBytes[] => {
  const files: NamedBytes[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK_BYTES <= bytes.length && bytes[at] !== 0; ) {
    const header = bytes.subarray(at, at + BLOCK_BYTES);
    checkHeader(header);
    const size = octal(header, 124, 12);
    const start = at + BLOCK_BYTES;
    if (start + size > bytes.length) throw damaged('the archive breaks off');
    const content = bytes.subarray(start, start + size);
    const type = String.fromCharCode(header[156] ?? 0);
    const name = longName ?? text(header, 0, 100);
    longName = null;
    if (type === 'L') longName = text(content, 0, size);
    else if (type === 'x') longName = paxPath(content);
    else if (type === '0' || type === '\0' || type === '7') files.push({ name, bytes: content });
    else if (type === '1' || type === '2') refuseLink(name);
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
};

const refuseLink = (name: string): void => {
  if (/(^|\/)xgboost-model[^/]*$/.test(name))
    throw new Refusal('unsafe', `${name} is a link in this archive`, 'pack the model file itself');
};

const checkHeader = (header: Uint8Array): void => {
  let sum = 0;
  for (const [i, byte] of header.entries()) sum += i >= 148 && i < 156 ? 0x20 : byte;
  if (sum !== octal(header, 148, 8)) throw damaged('a header in the archive has a wrong checksum');
};

const text = (bytes: Uint8Array, start: number, length: number): string => {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
};

const octal = (bytes: Uint8Array, start: number, length: number): number => {
  const digits = text(bytes, start, length).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw damaged('a header in the archive holds no number');
  return Number.parseInt(digits, 8);
};

const paxPath = (content: Uint8Array): string | null =>
  /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(content))?.[1] ?? null;
