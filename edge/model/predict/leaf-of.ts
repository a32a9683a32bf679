import type { Forest } from '../model.ts';

/** The leaf that a row of single-precision sensor values (NaN where missing) comes to from a node, a root as a rule. */
export const leafOf = (
  { left, sensor, value, defaultLeft }: Forest,
  row: Float32Array,
  from: number,
): number => {
  let node = from;
  let next = left[node] ?? -1;
  while (next >= 0) {
    const x = row[sensor[node] ?? 0] ?? Number.NaN;
    const goesLeft = Number.isNaN(x) ? defaultLeft[node] === 1 : x < (value[node] ?? 0);
    node = goesLeft ? next : next + 1;
    next = left[node] ?? -1;
  }
  return node;
};
