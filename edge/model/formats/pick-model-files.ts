import { gunzipSync } from 'node:zlib';
import { damaged, Refusal } from '../model.ts';
import { oneByteText } from './byte-reader.ts';
import { isHeaderless } from './read-binary.ts';

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

const SAGEMAKER_NAME = 'xgboost-model';
const FOLD_NAME = /^xgboost-model-(\d{1,4})$/;

/**
 * The files of a folder or archive that make its model: `xgboost-model`; or the folds `xgboost-model-0` to N in
 * order; or the only file that looks like a model.
 */
export const pickModelFiles = (files: readonly NamedBytes[]): readonly NamedBytes[] => {
  const visible = files.filter(({ name }) => !baseName(name).startsWith('.'));
  const named = visible.filter(({ name }) => baseName(name) === SAGEMAKER_NAME);
  if (named.length > 0) return only(named);
  const folds = visible.filter(({ name }) => FOLD_NAME.test(baseName(name)));
  if (folds.length > 0) return inOrder(folds);
  return only(visible.filter(({ bytes }) => looksLikeModel(bytes)));
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const foldNumber = ({ name }: NamedBytes): number => Number(FOLD_NAME.exec(baseName(name))?.[1]);

const inOrder = (folds: readonly NamedBytes[]): readonly NamedBytes[] => {
  const sorted = folds.toSorted((a, b) => foldNumber(a) - foldNumber(b));
  const gap = sorted.findIndex((fold, i) => foldNumber(fold) !== i);
  if (gap !== -1)
    throw new Refusal(
      'damaged',
      `of its folds xgboost-model-${gap} is not there once`,
      'copy all folds again',
    );
  return sorted;
};

const only = (files: readonly NamedBytes[]): readonly NamedBytes[] => {
  if (files.length === 1) return files;
  if (files.length === 0)
    throw new Refusal('not-a-model', 'there is no model in it', `put the model there as ${SAGEMAKER_NAME}`);
  const names = files.slice(0, 5).map(({ name }) => name);
  throw new Refusal(
    'not-a-model',
    `there are several models in it: ${names.join(', ')}`,
    'give the path of one of them',
  );
};

const looksLikeModel = (bytes: Uint8Array): boolean => {
  const kind = sniff(bytes);
  if (kind === 'json' || kind === 'ubjson')
    return (
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('"learner"') || kind === 'ubjson'
    );
  return kind === 'unknown' ? isHeaderless(bytes) : kind !== 'tar';
};
