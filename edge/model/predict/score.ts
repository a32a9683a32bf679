import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import type { Booster, Forest, Model } from '../model.ts';
import { type ForestKernel, forestKernel } from './forest-kernel.ts';
import { sigmoid } from './single-precision.ts';

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

/** The log-odds of abnormal (null for averaged folds, which have none) and its probability, as XGBoost rounds them. */
export type Score = Readonly<{ margin: number | null; probability: number }>;

// Scoring is synchronous: one row is enough for everyone, and no sample costs an allocation.
const row = new Float32Array(SENSORS.length);
/** Whether nothing is missing in the row. */
let isWhole = true;

/** From so many rows on a kernel is worth its making; it takes memory of its own. */
const OFTEN = 32;
const uses = new WeakMap<Booster, { rows: number; kernel: ForestKernel | null }>();

/** Scores one row of sensor values; null or NaN is missing and goes each split's default way. Bit for bit XGBoost's. */
export const score = (model: Model, values: SensorValues): Score => {
  isWhole = true;
  for (let i = 0; i < row.length; i++) {
    const value = values[i] ?? Number.NaN;
    row[i] = value;
    if (Number.isNaN(value)) isWhole = false;
  }
  const [first, second] = model.boosters;
  if (first === undefined) throw new Error(`model ${model.name} has no booster`);
  if (second !== undefined) return { margin: null, probability: meanProbability(model.boosters) };
  const margin = boosterMargin(first);
  return { margin, probability: sigmoid(margin, first.boundedSigmoid) };
};

const meanProbability = (boosters: readonly Booster[]): number => {
  let sum = 0;
  for (const booster of boosters)
    sum = Math.fround(sum + sigmoid(boosterMargin(booster), booster.boundedSigmoid));
  return Math.fround(sum / boosters.length);
};

const boosterMargin = (booster: Booster): number => {
  const { forest, baseMargin, baseMarginFirst } = booster;
  const sumOf = quickly(booster) ?? ((_, start) => walk(forest, start));
  if (baseMarginFirst) return sumOf(row, baseMargin);
  return Math.fround(sumOf(row, 0) + baseMargin);
};

/** The kernel of a booster that scores often, for a row of which nothing is missing; else null. */
const quickly = (booster: Booster): ForestKernel | null => {
  if (!isWhole) return null;
  let use = uses.get(booster);
  if (use === undefined) {
    use = { rows: 0, kernel: null };
    uses.set(booster, use);
  }
  use.rows += 1;
  if (use.rows === OFTEN) use.kernel = forestKernel(booster.forest);
  return use.kernel;
};

const walk = (forest: Forest, start: number): number => {
  const { roots, value, treeWeights } = forest;
  let sum = start;
  for (let tree = 0; tree < roots.length; tree++) {
    const leaf = value[leafOf(forest, row, roots[tree] ?? 0)] ?? 0;
    sum = Math.fround(sum + (treeWeights === null ? leaf : Math.fround(leaf * (treeWeights[tree] ?? 1))));
  }
  return sum;
};

/** What XGBoost's own predict gives: the probability, but the margin for binary:logitraw. */
export const prediction = ({ objective }: Model, { margin, probability }: Score): number =>
  objective === 'binary:logitraw' && margin !== null ? margin : probability;
