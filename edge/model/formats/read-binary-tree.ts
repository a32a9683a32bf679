import { damaged, unsupported } from '../model.ts';
import type { TreeRecord } from './booster-record.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';

// TreeParam, Node and RTreeNodeStat of XGBoost's include/xgboost/tree_model.h.
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;
const BELOW_TOP_BIT = 0x7fffffff;

/** A tree has at least its root, and its output is listed behind the trees. */
export const SMALLEST_TREE_BYTES = TREE_BYTES + NODE_BYTES + STATISTICS_BYTES + 4;

/** The next tree of XGBoost's binary format; `major` is the version that wrote it, 0 before 1.0. */
export const readBinaryTree = (all: ByteReader, number: number, major: number): TreeRecord => {
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
