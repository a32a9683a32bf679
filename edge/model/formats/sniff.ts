import { Refusal } from '../model.ts';
import { oneByteText } from './byte-reader.ts';

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

const SAVE = 'save the model with booster.save_model("model.json")';
const GIVE = 'give an XGBoost model: JSON, UBJSON, binary, pickle or model.tar.gz';

// By how they begin; the first that fits speaks.
const OTHERS: readonly (readonly [RegExp, string, string])[] = [
  [/^booster\[\d+\]:/, 'this is the text of dump_model, which cannot be loaded again', SAVE],
  [/^\s*<[\s\S]*<PMML/, 'this is PMML', SAVE],
  [/^\s*<(!doctype html|html)/i, 'this is a web page', 'download the model again'],
  [/^\s*<\?xml[\s\S]*<Error>/, 'this is an error page from S3', 'download the model again'],
  [/^\s*<\?xml/, 'this is XML', GIVE],
  [/^tree\r?\nversion=/, 'this is a LightGBM model', 'train it with XGBoost'],
  [/^CBM1/, 'this is a CatBoost model', 'train it with XGBoost'],
  [/^bs64/, "this is XGBoost's old base64 form", SAVE],
  [/^PK/, 'this is a zip archive', GIVE],
  [/^BZh|^\xfd7zXZ|^\x28\xb5\x2f\xfd|^x[\x9c\xda]/, 'this is compressed in another way than gzip', GIVE],
  [/^\x93NUMPY/, 'this is a NumPy array', SAVE],
  [/onnx/i, 'this looks like ONNX', SAVE],
  [/^version https:\/\/git-lfs/, 'this is a Git LFS pointer, not the file itself', 'run git lfs pull'],
];

/** What a file is that is no XGBoost model, as far as its first bytes tell. */
export const describeOther = (bytes: Uint8Array): Refusal => {
  if (bytes.length === 0) return new Refusal('not-a-model', 'the file is empty', 'copy it again');
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const known = OTHERS.find(([pattern]) => pattern.test(head));
  if (known === undefined) return new Refusal('not-a-model', 'this is no XGBoost model', GIVE);
  return new Refusal('not-a-model', known[1], known[2]);
};
