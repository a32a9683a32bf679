import { damaged, unsupported } from '../model.ts';
import type { BoosterRecord } from './booster-record.ts';
import { type ByteReader, byteReader, oneByteText } from './byte-reader.ts';
import { readBinaryTree, SMALLEST_TREE_BYTES } from './read-binary-tree.ts';

const HEADER = 'binf';
// LearnerModelParam and GBTreeModelParam of XGBoost's src/learner.cc and src/gbm/gbtree_model.h, to their ends.
const LEARNER_BYTES = 136;
const FOREST_BYTES = 160;
const LONGEST_NAME = 64;

/** Whether bytes without a header begin as XGBoost's binary format up to 1.0 does. */
export const isHeaderless = (bytes: Uint8Array): boolean => {
  if (bytes.length < LEARNER_BYTES + 16) return false;
  const from = byteReader(bytes, 'little');
  from.bytes(LEARNER_BYTES);
  const length = Number(from.int64());
  if (length < 1 || length > LONGEST_NAME || length > from.left()) return false;
  return /^[a-z]+:[a-z]+$/.test(oneByteText(from.bytes(length)));
};

/** The booster in XGBoost's own binary format (0.4 to 3.0), with or without its header. */
export const readBinary = (bytes: Uint8Array): BoosterRecord => {
  const from = byteReader(bytes, 'little');
  if (oneByteText(bytes.subarray(0, 4)) === HEADER) from.bytes(HEADER.length);
  const learner = readLearner(from);
  const objective = readText(from);
  const booster = readText(from);
  if (booster !== 'gbtree' && booster !== 'dart')
    throw unsupported(`it holds a ${booster} booster`, 'train with booster=gbtree or booster=dart');
  const { trees, parallelTrees, treeOutputs } = readForest(from, learner.major);
  const treeWeights = booster === 'dart' ? readFloats(from) : null;
  const attributes = learner.hasAttributes ? readAttributes(from) : new Map<string, string>();
  // From 1.0 on the metrics are among the attributes, and nothing follows.
  if (learner.hasMetrics && from.left() > 0)
    for (let left = readCount(from, 8); left > 0; left--) readText(from);
  if (from.left() > 0) throw damaged(`${from.left()} bytes follow its end`);
  return {
    xgboost: learner.major === 0 ? null : [learner.major, learner.minor],
    objective,
    baseScore: learner.baseScore,
    featureCount: learner.featureCount,
    featureNames: null,
    featureTypes: [],
    classCount: learner.classCount,
    targetCount: learner.targetCount,
    parallelTrees,
    trees,
    treeOutputs,
    treeWeights,
    bestIteration: readBestIteration(attributes),
  };
};

const readLearner = (all: ByteReader) => {
  const from = byteReader(all.bytes(LEARNER_BYTES), 'little');
  return {
    baseScore: from.float32(),
    featureCount: from.uint32(),
    classCount: from.uint32(),
    hasAttributes: from.int32() !== 0,
    hasMetrics: from.int32() !== 0,
    major: from.uint32(),
    minor: from.uint32(),
    targetCount: Math.max(1, from.uint32()),
  };
};

const readForest = (all: ByteReader, major: number) => {
  const from = byteReader(all.bytes(FOREST_BYTES), 'little');
  const count = from.int32();
  const parallelTrees = Math.max(1, from.int32());
  if (count < 0 || count > all.left() / SMALLEST_TREE_BYTES) throw damaged(`it announces ${count} trees`);
  const trees = Array.from({ length: count }, (_, number) => readBinaryTree(all, number, major));
  const treeOutputs = trees.map(() => all.int32());
  return { trees, parallelTrees, treeOutputs };
};

const readCount = (from: ByteReader, entryBytes: number): number => {
  const count = from.count64();
  if (count > from.left() / entryBytes) throw damaged(`it announces ${count} entries`);
  return count;
};

const readText = (from: ByteReader): string => oneByteText(from.bytes(readCount(from, 1)));

const readFloats = (from: ByteReader): readonly number[] =>
  Array.from({ length: readCount(from, 4) }, () => from.float32());

const readAttributes = (from: ByteReader): ReadonlyMap<string, string> =>
  new Map(Array.from({ length: readCount(from, 16) }, () => [readText(from), readText(from)]));

const readBestIteration = (attributes: ReadonlyMap<string, string>): number | null => {
  const text = attributes.get('best_iteration') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
};
