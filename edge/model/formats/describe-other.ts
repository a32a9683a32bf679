import { Refusal } from '../model-error.ts';

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
