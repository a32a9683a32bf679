import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import type { Booster, Model } from '../model.ts';
import { type ContributionTable, contributionTable, type LeafRun } from './contribution-table.ts';
import { ALL_SENSORS, MEMBERS, rankWithin } from './sensor-sets.ts';
import { shapleyOfLeaf } from './shapley.ts';

/** What each sensor adds to the log-odds, in the order of SENSORS, and what all rows begin with; they sum to the margin. */
export type Contributions = Readonly<{ sensors: readonly number[]; bias: number }>;

const tables = new WeakMap<Booster, ContributionTable>();
const row = new Float32Array(SENSORS.length);
/** 1 where the row has no value. */
const missing = new Uint8Array(SENSORS.length);
const unkept = new Float32Array(SENSORS.length);
const NOBODY = new Uint8Array(0);

/** Exact TreeSHAP by cover, as XGBoost's pred_contribs within 1e-5; the mean over the folds of a cross-validation. */
export const contributions = (model: Model, values: SensorValues): Contributions => {
  for (let i = 0; i < row.length; i++) {
    const value = values[i] ?? Number.NaN;
    row[i] = value;
    missing[i] = Number.isNaN(value) ? 1 : 0;
  }
  const sums = new Float64Array(SENSORS.length);
  let bias = 0;
  for (const booster of model.boosters) {
    const table = tableOf(booster);
    follow(table);
    for (const run of table.runs) addRun(table, run, sums);
    bias += table.mean + booster.baseMargin;
  }
  const count = model.boosters.length;
  return { sensors: Array.from(sums, (sum) => sum / count), bias: bias / count };
};

const tableOf = (booster: Booster): ContributionTable => {
  const known = tables.get(booster);
  if (known !== undefined) return known;
  const table = contributionTable(booster.forest);
  tables.set(booster, table);
  return table;
};

/** Notes for each node for which sensors the row follows all splits on the way there. Without a branch: none can be foreseen. */
const follow = ({ roots, splits, followed }: ContributionTable): void => {
  const { words, values } = splits;
  for (let i = 0; i < roots.length; i++) followed[roots[i] ?? 0] = ALL_SENSORS;
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    const set = followed[words[at] ?? 0] ?? 0;
    const next = words[at + 1] ?? 0;
    const sensor = words[at + 2] ?? 0;
    const isBelow = Number((row[sensor] ?? 0) < (values[i] ?? 0));
    const goesLeft = isBelow | ((missing[sensor] ?? 0) & (words[at + 3] ?? 0));
    followed[next] = set & ~((1 - goesLeft) << sensor);
    followed[next + 1] = set & ~(goesLeft << sensor);
  }
};

/** Most of the time goes here: a sum for each sensor by name, and no more looked up for a leaf than must be. */
const addRun = (table: ContributionTable, { path, from, to }: LeafRun, into: Float64Array): void => {
  const { leaves, followed, known, shares } = table;
  const { node, knownAt, sharesAt } = leaves;
  const values = known ?? unkept;
  const members = MEMBERS[path] ?? NOBODY;
  const count = members.length;
  if (count === 0) return;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let fifth = 0;
  let sixth = 0;
  for (let leaf = from; leaf < to; leaf++) {
    const rank = rankWithin(path, followed[node[leaf] ?? 0] ?? 0);
    const at = known === null ? 0 : (knownAt[leaf] ?? 0) + rank * count;
    if (known === null || Number.isNaN(values[at])) {
      const its = { shares, from: sharesAt[leaf] ?? 0, count };
      shapleyOfLeaf(its, rank, leaves.value[leaf] ?? 0, values, at);
    }
    first += values[at] ?? 0;
    if (count > 1) second += values[at + 1] ?? 0;
    if (count > 2) third += values[at + 2] ?? 0;
    if (count > 3) fourth += values[at + 3] ?? 0;
    if (count > 4) fifth += values[at + 4] ?? 0;
    if (count > 5) sixth += values[at + 5] ?? 0;
  }
  const sums = [first, second, third, fourth, fifth, sixth];
  for (const [place, sensor] of members.entries()) into[sensor] = (into[sensor] ?? 0) + (sums[place] ?? 0);
};
