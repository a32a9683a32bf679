import { oneByteText } from './one-byte-text.ts';

/** What the bytes of a file are, told by how they begin; 'unknown' includes XGBoost's headerless binary. */
export type Kind = 'gzip' | 'tar' | 'json' | 'ubjson' | 'binary' | 'config-offset' | 'pickle' | 'unknown';

const BYTE_ORDER_MARK = 0xfeff;
const UBJSON_LENGTH_TYPES = 'iUIlL';

/** Tells the kind of a file by its content, never by its name. */
export const sniff = (bytes: Uint8Array): Kind => {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8) return 'gzip';
  const head = oneByteText(bytes.subarray(0, 64));
  if (head.startsWith('binf')) return 'binary';
  if (head.startsWith('CONFIG-offset:')) return 'config-offset';
  if (head[0] === '{' && UBJSON_LENGTH_TYPES.includes(head[1] ?? ' ')) return 'ubjson';
  if (isTar(bytes)) return 'tar';
  if (looksLikeJson(bytes)) return 'json';
  if (isPickle(bytes, head)) return 'pickle';
  return 'unknown';
};

const looksLikeJson = (bytes: Uint8Array): boolean => {
  const head = new TextDecoder().decode(bytes.subarray(0, 4096));
  const text = head.charCodeAt(0) === BYTE_ORDER_MARK ? head.slice(1) : head;
  return /^\s*(\{\s*["}]|\[\s*[[\]{"\d-])/.test(text);
};

const isTar = (bytes: Uint8Array): boolean =>
  bytes.length >= 512 && oneByteText(bytes.subarray(257, 262)) === 'ustar';

// Protocol 2 and later say so; 0 and 1 are recognised by the class or mark that they begin with.
const isPickle = (bytes: Uint8Array, head: string): boolean => {
  if (bytes[0] === 0x80) return (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 255) <= 5;
  return bytes[bytes.length - 1] === 0x2e && /^(\(*c[\w.]+\n[\w.]+\n|\((dp|lp|d|l|i[\w.]+\n))/.test(head);
};
