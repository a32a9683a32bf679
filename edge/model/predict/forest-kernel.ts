import { SENSORS } from '../../../domain/message/sample.ts';
import type { Forest } from '../model.ts';
import { KERNEL_LAYOUT, kernelCode } from './kernel-code.ts';

/**
 * The sum of a forest's leaves for one row of single-precision values, none of them missing, added one after the other
 * to `start` in single precision: what XGBoost sums.
 */
export type ForestKernel = (row: Float32Array, start: number) => number;

const PAGE_BYTES = 65_536;
const MAX_DEPTH = 24;
/** Splits of the three levels of a group, and the ways out of it. */
const [SPLITS, EXITS] = [7, 8];
/** Places in a sensor's list of thresholds are 16-bit numbers, counted from the smallest. */
const FIRST_PLACE = -32_768;
const MAX_THRESHOLDS = 65_535;
const { rowAt, originAt, exitsAt, thresholdsAt, groupBytes } = KERNEL_LAYOUT;

let compiled: WebAssembly.Module | null = null;

/**
 * Lays a forest out for WebAssembly, which looks at seven splits at a time: values are replaced by their places among
 * a sensor's thresholds, so that the eight lanes of a register hold a row. Null where there is no memory to be had for
 * it, where a tree is far deeper than usual, or where the processor lacks the instructions.
 */
export const forestKernel = (forest: Forest): ForestKernel | null => {
  const { roots } = forest;
  if (roots.some((root) => depthOf(forest, root, MAX_DEPTH) > MAX_DEPTH)) return null;
  const thresholds = thresholdsOf(forest);
  const longest = Math.max(...thresholds.map(({ size }) => size));
  if (longest > MAX_THRESHOLDS) return null;
  const listed = 2 ** Math.ceil(Math.log2(longest + 1));
  const rootsAt = thresholdsAt + 4 * listed * SENSORS.length;
  const endAt = rootsAt + 4 * roots.length;
  const groupsAt = Math.ceil(endAt / groupBytes) * groupBytes;
  const groups = layOut(forest, thresholds, groupsAt);
  const memory = memoryOf(groupsAt + groups.bytes.length);
  if (memory === null) return null;
  new Uint8Array(memory.buffer).set(groups.bytes, groupsAt);
  new Uint8Array(memory.buffer).set(exitTable(), exitsAt);
  const words = new Int32Array(memory.buffer);
  const numbers = new Float32Array(memory.buffer);
  const lanes = new Int16Array(memory.buffer);
  words.set(groups.roots, rootsAt / 4);
  for (const [sensor, places] of thresholds.entries()) {
    const from = thresholdsAt / 4 + sensor * listed;
    numbers.fill(Number.POSITIVE_INFINITY, from, from + listed);
    for (const [value, place] of places) numbers[from + place] = value;
    lanes[originAt / 2 + sensor] = sensor * listed - FIRST_PLACE;
  }
  const sum = instantiate(memory);
  if (sum === null) return null;
  const row = numbers.subarray(rowAt / 4, rowAt / 4 + SENSORS.length);
  return (values, start) => {
    for (let i = 0; i < row.length; i++) row[i] = values[i] ?? 0;
    return Number(sum(start, rootsAt, endAt, 4 * listed));
  };
};

const instantiate = (memory: WebAssembly.Memory) => {
  try {
    compiled ??= new WebAssembly.Module(kernelCode());
  } catch {
    // Vector instructions are missing on processors of before 2008: the walk in JavaScript needs none.
    return null;
  }
  const { sum } = new WebAssembly.Instance(compiled, { edge: { memory } }).exports;
  return typeof sum === 'function' ? sum : null;
};

/** For each sensor, the values that it is compared with and their places in ascending order. */
const thresholdsOf = ({ left, sensor, value }: Forest): readonly ReadonlyMap<number, number>[] =>
  SENSORS.map((_, asked) => {
    const found = new Set<number>();
    for (let node = 0; node < left.length; node++)
      if ((left[node] ?? -1) >= 0 && sensor[node] === asked) found.add(value[node] ?? 0);
    return new Map([...found].sort((a, b) => a - b).map((threshold, place) => [threshold, place]));
  });

/** Which exit the outcomes of a group's splits lead to, four times its number; the eighth outcome does not matter. */
const exitTable = (): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, outcomes) => {
    let split = 0;
    while (split < SPLITS) split = 2 * split + 1 + ((outcomes >> split) & 1);
    return 4 * (split - SPLITS);
  });

const layOut = (forest: Forest, thresholds: readonly ReadonlyMap<number, number>[], groupsAt: number) => {
  const { roots, left, sensor, value, treeWeights } = forest;
  // A group for three levels, and one for each leaf that hangs beside splits: no more than there are nodes.
  let bytes = new ArrayBuffer(roots.length * groupBytes * 16);
  let view = new DataView(bytes);
  let used = 0;
  const isLeaf = (node: number) => (left[node] ?? -1) < 0;

  function take(): number {
    if (used + groupBytes > bytes.byteLength) {
      const larger = new Uint8Array(2 * bytes.byteLength);
      larger.set(new Uint8Array(bytes));
      bytes = larger.buffer;
      view = new DataView(bytes);
    }
    used += groupBytes;
    return used - groupBytes;
  }

  /** The group that begins with a node; a leaf makes one of its own, all of whose exits are its value. */
  function put(top: number, weight: number): number {
    const at = take();
    const nodes = [top];
    for (let slot = 0; slot < SPLITS; slot++) {
      const node = nodes[slot] ?? top;
      const next = isLeaf(node) ? null : (left[node] ?? 0);
      nodes.push(next ?? node, next === null ? node : next + 1);
      if (next === null) continue;
      const asked = sensor[node] ?? 0;
      view.setUint8(at + 2 * slot, 2 * asked);
      view.setUint8(at + 2 * slot + 1, 2 * asked + 1);
      view.setInt16(at + 16 + 2 * slot, FIRST_PLACE + (thresholds[asked]?.get(value[node] ?? 0) ?? 0), true);
    }
    const exits = nodes.slice(SPLITS, SPLITS + EXITS);
    const isLast = exits.every(isLeaf);
    // The eighth lane of a row is the number 0.
    view.setUint8(at + 14, 14);
    view.setUint8(at + 15, 15);
    view.setInt16(at + 30, isLast ? -1 : 1, true);
    const made = new Map<number, number>();
    for (const [exit, node] of exits.entries()) {
      if (isLast) view.setFloat32(at + 32 + 4 * exit, (value[node] ?? 0) * weight, true);
      else {
        const group = made.get(node) ?? put(node, weight);
        made.set(node, group);
        view.setInt32(at + 32 + 4 * exit, groupsAt + group, true);
      }
    }
    return at;
  }

  const places = roots.map((root, tree) => groupsAt + put(root, treeWeights?.[tree] ?? 1));
  return { roots: places, bytes: new Uint8Array(bytes, 0, used) };
};
/** Memory for a kernel; null where there is none to be had. */
export const memoryOf = (bytes: number): WebAssembly.Memory | null => {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    // Its address space is limited: the walk in JavaScript needs none.
    return null;
  }
};

/** The levels below a node, of which no more than `most` and one are looked at. */
const depthOf = (forest: Forest, node: number, most: number): number => {
  const next = forest.left[node] ?? -1;
  if (next < 0) return 0;
  if (most === 0) return 1;
  return 1 + Math.max(depthOf(forest, next, most - 1), depthOf(forest, next + 1, most - 1));
};
