import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SENSORS } from '../../../../domain/message/sample.ts';
import type { Forest } from '../../../../edge/model/model.ts';
import { forestKernel } from '../../../../edge/model/predict/forest-kernel.ts';
import { leafOf } from '../../../../edge/model/predict/score.ts';
import { RUNS } from '../../../fixture/property-runs.ts';

type Tree = Readonly<{ leaf: number }> | Readonly<{ sensor: number; split: number; low: Tree; high: Tree }>;

const single = fc.float({ noNaN: true, noDefaultInfinity: true });
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7 },
    fc.record({ leaf: single }),
    fc.record({ sensor: fc.nat(SENSORS.length - 1), split: single, low: tie('tree'), high: tie('tree') }),
  ),
}));

const forestOf = (trees: readonly Tree[], treeWeights: Float32Array | null = null): Forest => {
  const [roots, left, sensor, value]: [number[], number[], number[], number[]] = [[], [], [], []];
  function put(place: number, node: Tree): void {
    if ('leaf' in node) {
      [left[place], sensor[place], value[place]] = [-1, 0, node.leaf];
      return;
    }
    const next = left.length;
    [left[place], sensor[place], value[place]] = [next, node.sensor, node.split];
    left.push(-1, -1);
    put(next, node.low);
    put(next + 1, node.high);
  }
  for (const node of trees) {
    roots.push(left.length);
    left.push(-1);
    put(left.length - 1, node);
  }
  const none = new Float32Array(left.length);
  return {
    roots: Int32Array.from(roots),
    left: Int32Array.from(left),
    sensor: Uint8Array.from(sensor),
    value: Float32Array.from(value),
    defaultLeft: new Uint8Array(left.length),
    cover: none,
    gain: none,
    treeWeights,
  };
};

const walked = (forest: Forest, row: Float32Array, start: number): number =>
  forest.roots.reduce((sum, root, tree) => {
    const leaf = forest.value[leafOf(forest, row, root)] ?? 0;
    return Math.fround(sum + Math.fround(leaf * (forest.treeWeights?.[tree] ?? 1)));
  }, start);

const edges = fc.constantFrom(
  0,
  -0,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4028234663852886e38,
);
const row = fc.array(fc.oneof(single, edges), { minLength: 6, maxLength: 6 });

test('the kernel gives, bit for bit, what walking tree after tree gives, however many and deep they are', () => {
  fc.assert(
    fc.property(
      fc.array(tree, { minLength: 1, maxLength: 20 }),
      fc.array(row, { minLength: 1, maxLength: 5 }),
      single,
      fc.boolean(),
      (trees, rows, start, isWeighted) => {
        const weights = isWeighted ? Float32Array.from(trees, (_, index) => 1 / (index + 3)) : null;
        const forest = forestOf(trees, weights);
        const kernel = forestKernel(forest);
        assert.ok(kernel !== null);
        for (const values of rows) {
          const single = Float32Array.from(values);
          assert.ok(Object.is(kernel(single, start), walked(forest, single, start)));
        }
      },
    ),
    RUNS,
  );
});

test('a row that lies on a split goes right, as XGBoost has it', () => {
  const kernel = forestKernel(forestOf([{ sensor: 2, split: 1.5, low: { leaf: -1 }, high: { leaf: 1 } }]));
  const of = (value: number) => kernel?.(Float32Array.from([0, 0, value, 0, 0, 0]), 0);
  assert.deepEqual([of(1.4999999), of(1.5), of(1.6)], [-1, 1, 1]);
});

test('a tree that is far deeper than usual has no kernel', () => {
  let chain: Tree = { leaf: 1 };
  for (let depth = 0; depth < 30; depth += 1)
    chain = { sensor: 0, split: depth, low: { leaf: 0 }, high: chain };
  assert.equal(forestKernel(forestOf([chain])), null);
});
