import { damaged, unsupported } from '../model-error.ts';
import type { TreeRecord } from './booster-record.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';

// TreeParam, Node and RTreeNodeStat of XGBoost's include/xgboost/tree_model.h.
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;
const TOP_BIT = 0x80000000;

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
  const from = byteReader(all.bytes(count * NODE_BYTES), 'little');
  const nodes = {
    left: new Int32Array(count),
    right: new Int32Array(count),
    parent: new Int32Array(count),
    feature: new Int32Array(count),
    value: new Float32Array(count),
    defaultLeft: new Uint8Array(count),
    categorical: new Uint8Array(count),
  };
  for (let node = 0; node < count; node++) {
    // The top bits tell which child a node is and where missing values go.
    nodes.parent[node] = from.uint32() % TOP_BIT;
    nodes.left[node] = from.int32();
    nodes.right[node] = from.int32();
    const split = from.uint32();
    nodes.feature[node] = split % TOP_BIT;
    nodes.defaultLeft[node] = split >= TOP_BIT ? 1 : 0;
    nodes.value[node] = from.float32();
  }
  return nodes;
};

const readStatistics = (all: ByteReader, count: number) => {
  const from = byteReader(all.bytes(count * STATISTICS_BYTES), 'little');
  const gain = new Float32Array(count);
  const cover = new Float32Array(count);
  const baseWeight = new Float32Array(count);
  for (let node = 0; node < count; node++) {
    gain[node] = from.float32();
    cover[node] = from.float32();
    baseWeight[node] = from.float32();
    from.bytes(4);
  }
  return { gain, cover, baseWeight };
};
