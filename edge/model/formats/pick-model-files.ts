import { Refusal } from '../model.ts';
import { oneByteText } from './byte-reader.ts';
import type { NamedBytes } from './read-archive.ts';
import { isHeaderless } from './read-binary.ts';

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
