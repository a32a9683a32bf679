import { Refusal } from '../model.ts';
import type { NamedBytes } from './read-archive.ts';
import { isHeaderless } from './read-binary.ts';
import { sniff } from './sniff.ts';

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
