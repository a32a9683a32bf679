import { damaged, unsupported } from '../model.ts';
import { type BoosterRecord, readBaseline, type TreeRecord } from './booster-record.ts';
import { type ByteReader, byteReader, oneByteText } from './byte-reader.ts';

// TreeParam, Node and RTreeNodeStat of XGBoost's include/xgboost/tree_model.h.
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;
const BELOW_TOP_BIT = 0x7fffffff;

/** A tree has at least its root, and its output is listed behind the trees. */
const SMALLEST_TREE_BYTES = TREE_BYTES + NODE_BYTES + STATISTICS_BYTES + 4;

/** The next tree of XGBoost's binary format; `major` is the version that wrote it, 0 before 1.0. */
const readBinaryTree = (all: ByteReader, number: number, major: number): TreeRecord => {
  const parameters = byteReader(all.bytes(TREE_BYTES), 'little');
  const rootCount = parameters.int32();
  const nodeCount = parameters.int32();
  parameters.bytes(12);
  checkLeaves(parameters.int32(), major);
  if (rootCount > 1) throw unsupported('its trees have several roots', 'train it with a present XGBoost');
  if (nodeCount < 1 || nodeCount > all.left() / (NODE_BYTES + STATISTICS_BYTES))
    throw damaged(`tree ${number} announces ${nodeCount} nodes`);
  return { ...readNodes(all, nodeCount), ...readStatistics(all, nodeCount) };
};

// XGBoost 2 counts the one value of a leaf as a vector; before, a size here means vectors behind the tree.
const checkLeaves = (vectorSize: number, major: number): void => {
  if (vectorSize === 0 || (vectorSize === 1 && major >= 2)) return;
  throw unsupported('its leaves hold several values', 'train a model with one output');
};

const readNodes = (all: ByteReader, count: number) => {
  const { integers, singles } = wordsOf(all.bytes(count * NODE_BYTES));
  const nodes = {
    left: new Int32Array(count),
    right: new Int32Array(count),
    parent: new Int32Array(count),
    feature: new Int32Array(count),
    value: new Float32Array(count),
    defaultLeft: new Uint8Array(count),
    categorical: new Uint8Array(count),
  };
  for (let node = 0, at = 0; node < count; node++, at += NODE_BYTES / 4) {
    // The top bits tell which child a node is and where missing values go.
    nodes.parent[node] = (integers[at] ?? 0) & BELOW_TOP_BIT;
    nodes.left[node] = integers[at + 1] ?? 0;
    nodes.right[node] = integers[at + 2] ?? 0;
    const split = integers[at + 3] ?? 0;
    nodes.feature[node] = split & BELOW_TOP_BIT;
    nodes.defaultLeft[node] = split < 0 ? 1 : 0;
    nodes.value[node] = singles[at + 4] ?? 0;
  }
  return nodes;
};

const readStatistics = (all: ByteReader, count: number) => {
  const { singles } = wordsOf(all.bytes(count * STATISTICS_BYTES));
  const gain = new Float32Array(count);
  const cover = new Float32Array(count);
  const baseWeight = new Float32Array(count);
  for (let node = 0, at = 0; node < count; node++, at += STATISTICS_BYTES / 4) {
    gain[node] = singles[at] ?? 0;
    cover[node] = singles[at + 1] ?? 0;
    baseWeight[node] = singles[at + 2] ?? 0;
  }
  return { gain, cover, baseWeight };
};

/** Bytes as words in the order of every machine that this runs on: the first model of a process has no time for more. */
const wordsOf = (bytes: Uint8Array) => {
  const { buffer } = new Uint8Array(bytes);
  return { integers: new Int32Array(buffer), singles: new Float32Array(buffer) };
};

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
    ...readBaseline((key) => attributes.get(key)),
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
