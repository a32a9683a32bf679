import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import { leafOf } from './leaf-of.ts';
import type { Booster, Forest, Model } from './model.ts';
import { sigmoid } from './sigmoid.ts';

/** The log-odds of abnormal (null for averaged folds, which have none) and its probability, as XGBoost rounds them. */
export type Score = Readonly<{ margin: number | null; probability: number }>;

// Scoring is synchronous: one row is enough for everyone, and no sample costs an allocation.
const row = new Float32Array(SENSORS.length);

/** Scores one row of sensor values; null or NaN is missing and goes each split's default way. Bit for bit XGBoost's. */
export function score(model: Model, values: SensorValues): Score {
  for (let i = 0; i < row.length; i++) row[i] = values[i] ?? Number.NaN;
  const [first, second] = model.boosters;
  if (first === undefined) throw new Error(`model ${model.name} has no booster`);
  if (second !== undefined) return { margin: null, probability: meanProbability(model.boosters) };
  const margin = boosterMargin(first);
  return { margin, probability: sigmoid(margin, first.boundedSigmoid) };
}

function meanProbability(boosters: readonly Booster[]): number {
  let sum = 0;
  for (const booster of boosters)
    sum = Math.fround(sum + sigmoid(boosterMargin(booster), booster.boundedSigmoid));
  return Math.fround(sum / boosters.length);
}

function boosterMargin({ forest, baseMargin, baseMarginFirst }: Booster): number {
  if (baseMarginFirst) return sumTrees(forest, baseMargin);
  return Math.fround(sumTrees(forest, 0) + baseMargin);
}

function sumTrees(forest: Forest, start: number): number {
  const { roots, value, treeWeights } = forest;
  let sum = start;
  for (let tree = 0; tree < roots.length; tree++) {
    const leaf = value[leafOf(forest, row, roots[tree] ?? 0)] ?? 0;
    sum = Math.fround(sum + (treeWeights === null ? leaf : Math.fround(leaf * (treeWeights[tree] ?? 1))));
  }
  return sum;
}
