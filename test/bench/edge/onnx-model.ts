import type { Model } from '../../../edge/model/model.ts';

/** A model of ours as ONNX: a TreeEnsembleRegressor of ai.onnx.ml, whose answer is the margin. */
export const onnxModel = ({ boosters }: Model): Uint8Array => {
  const [booster] = boosters;
  if (booster === undefined || boosters.length > 1) throw new Error('one booster is one ensemble');
  const { roots, left, sensor, value } = booster.forest;
  const nodes: { tree: number; id: number; feature: number; value: number; isLeaf: boolean; yes: number }[] =
    [];
  roots.forEach((root, tree) => {
    const waiting = [root];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const child = left[at] ?? -1;
      const isLeaf = child < 0;
      nodes.push({
        tree,
        id: at - root,
        feature: sensor[at] ?? 0,
        value: value[at] ?? 0,
        isLeaf,
        yes: child - root,
      });
      if (!isLeaf) waiting.push(child, child + 1);
    }
  });
  const leaves = nodes.filter(({ isLeaf }) => isLeaf);
  const splits = (of: (node: (typeof nodes)[number]) => number) =>
    nodes.map((node) => (node.isLeaf ? 0 : of(node)));
  const attributes = [
    integers(
      'nodes_treeids',
      nodes.map(({ tree }) => tree),
    ),
    integers(
      'nodes_nodeids',
      nodes.map(({ id }) => id),
    ),
    integers(
      'nodes_featureids',
      splits(({ feature }) => feature),
    ),
    floats(
      'nodes_values',
      splits((node) => node.value),
    ),
    texts(
      'nodes_modes',
      nodes.map(({ isLeaf }) => (isLeaf ? 'LEAF' : 'BRANCH_LT')),
    ),
    integers(
      'nodes_truenodeids',
      splits(({ yes }) => yes),
    ),
    integers(
      'nodes_falsenodeids',
      splits(({ yes }) => yes + 1),
    ),
    integers(
      'target_treeids',
      leaves.map(({ tree }) => tree),
    ),
    integers(
      'target_nodeids',
      leaves.map(({ id }) => id),
    ),
    integers(
      'target_ids',
      leaves.map(() => 0),
    ),
    floats(
      'target_weights',
      leaves.map((leaf) => leaf.value),
    ),
    floats('base_values', [booster.baseMargin]),
    integer('n_targets', 1),
  ];
  const node = message([
    [1, 'row'],
    [2, 'margin'],
    [4, 'TreeEnsembleRegressor'],
    ...attributes.map((attribute): Field => [5, attribute]),
    [7, 'ai.onnx.ml'],
  ]);
  const graph = message([
    [1, node],
    [2, 'trees'],
    [11, tensor('row', [1, 6])],
    [12, tensor('margin', [1, 1])],
  ]);
  return message([
    [1, 8],
    [7, graph],
    [
      8,
      message([
        [1, 'ai.onnx.ml'],
        [2, 1],
      ]),
    ],
    [
      8,
      message([
        [1, ''],
        [2, 13],
      ]),
    ],
  ]);
};

/** A field of a protocol buffer: its number and value. */
type Field = readonly [number: number, value: number | string | Uint8Array];

const FLOAT = 1;
const ATTRIBUTE = { integer: 2, floats: 6, integers: 7, texts: 8 } as const;

const message = (fields: readonly Field[]): Uint8Array =>
  Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );

const varint = (value: number): Uint8Array => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
};

const attribute = (name: string, type: number, fields: readonly Field[]) =>
  message([[1, name], ...fields, [20, type]]);
const integer = (name: string, value: number) => attribute(name, ATTRIBUTE.integer, [[3, value]]);
const texts = (name: string, values: readonly string[]) =>
  attribute(
    name,
    ATTRIBUTE.texts,
    values.map((value): Field => [9, value]),
  );
const integers = (name: string, values: readonly number[]) =>
  attribute(name, ATTRIBUTE.integers, [[8, Buffer.concat(values.map(varint))]]);
const floats = (name: string, values: readonly number[]) =>
  attribute(name, ATTRIBUTE.floats, [[7, Buffer.from(Float32Array.from(values).buffer)]]);

const tensor = (name: string, shape: readonly number[]): Uint8Array => {
  const dimensions = message(shape.map((size): Field => [1, message([[1, size]])]));
  const type = message([
    [
      1,
      message([
        [1, FLOAT],
        [2, dimensions],
      ]),
    ],
  ]);
  return message([
    [1, name],
    [2, type],
  ]);
};
