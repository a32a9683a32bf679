type Options = Readonly<{
  header: boolean;
  /** The major version in the file; 0 before 1.0. */
  major: number;
  objective?: string;
  booster?: string;
  leafVector?: number;
  baseScore?: number;
  attributes?: Readonly<Record<string, string>>;
  /** Written behind the attributes, as before 1.0. */
  metrics?: readonly string[];
}>;

const ROOT = 0xffffffff;
const LEFT_CHILD = 0x80000000;

/** XGBoost's binary format for one split of feature 1 at 2.5, −1 to its left and 1 to its right. */
export const encodeBinary = (options: Options): Uint8Array => {
  const { header, major, objective = 'binary:logistic', booster = 'gbtree', leafVector = 0 } = options;
  const { baseScore = major === 0 ? 0 : 0.5, attributes = {}, metrics = [] } = options;
  const pairs = Object.entries(attributes).flat();
  const learner = Buffer.alloc(136);
  learner.writeFloatLE(baseScore, 0);
  learner.writeUInt32LE(6, 4);
  learner.writeInt32LE(pairs.length > 0 ? 1 : 0, 12);
  learner.writeInt32LE(metrics.length > 0 ? 1 : 0, 16);
  learner.writeUInt32LE(major, 20);
  const forest = Buffer.alloc(160);
  forest.writeInt32LE(1, 0);
  forest.writeInt32LE(1, 4);
  const tree = Buffer.alloc(148);
  tree.writeInt32LE(1, 0);
  tree.writeInt32LE(3, 4);
  tree.writeUInt32LE(6, 16);
  tree.writeInt32LE(leafVector, 20);
  return Buffer.concat([
    Buffer.from(header ? 'binf' : ''),
    learner,
    text(objective),
    text(booster),
    forest,
    tree,
    node(ROOT, 1, 2, 1, 2.5),
    node(LEFT_CHILD, -1, -1, 0, -1),
    node(0, -1, -1, 0, 1),
    ...[4, 1, 3].map(statistics),
    Buffer.alloc(4),
    ...(pairs.length > 0 ? [count(pairs.length / 2), ...pairs.map(text)] : []),
    ...(metrics.length > 0 ? [count(metrics.length), ...metrics.map(text)] : []),
  ]);
};

const count = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

const text = (value: string): Uint8Array => Buffer.concat([count(value.length), Buffer.from(value)]);

const node = (parent: number, left: number, right: number, feature: number, value: number): Uint8Array => {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(parent, 0);
  bytes.writeInt32LE(left, 4);
  bytes.writeInt32LE(right, 8);
  bytes.writeUInt32LE(feature, 12);
  bytes.writeFloatLE(value, 16);
  return bytes;
};

const statistics = (cover: number): Uint8Array => {
  const bytes = Buffer.alloc(16);
  bytes.writeFloatLE(cover, 4);
  return bytes;
};
