import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import type { Booster, Model } from '../model.ts';
import { type ContributionTable, contributionTable, fillCase, RULE, WIDTH } from './contribution-table.ts';
import { ALL_SENSORS, MEMBERS, rankWithin } from './shapley.ts';

/** What each sensor adds to the log-odds, in the order of SENSORS, and what all rows begin with; they sum to the margin. */
export type Contributions = Readonly<{ sensors: readonly number[]; bias: number }>;

const tables = new WeakMap<Booster, ContributionTable>();
const row = new Float32Array(SENSORS.length);
/** 1 where the row has no value. */
const missing = new Uint8Array(SENSORS.length);
const unkept = new Float32Array(WIDTH);
const SIZES = Uint8Array.from(MEMBERS, ({ length }) => length);

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
    addBooster(table, sums);
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

const addBooster = (table: ContributionTable, into: Float64Array): void => {
  const { kernel, roots, followed } = table;
  for (let i = 0; i < roots.length; i++) followed[roots[i] ?? 0] = ALL_SENSORS;
  if (kernel === null) {
    follow(table);
    addEnds(table, into);
    return;
  }
  let sums = kernel(row, missing);
  if (sums.some(Number.isNaN)) {
    // The row has met a case that no row before it has.
    addEnds(table, new Float64Array(SENSORS.length));
    sums = kernel(row, missing);
  }
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + (sums[i] ?? 0);
};

/** Notes for each node for which sensors the row follows all splits on the way there. Without a branch: none can be foreseen. */
const follow = ({ splits, splitValues, followed }: ContributionTable): void => {
  for (let at = 0; at < splits.length; at += 4) {
    const set = followed[splits[at] ?? 0] ?? 0;
    const next = splits[at + 1] ?? 0;
    const bytes = splits[at + 2] ?? 0;
    const sensor = bytes & 7;
    const isBelow = Number((row[sensor] ?? 0) < (splitValues[at + 3] ?? 0));
    const goesLeft = isBelow | ((missing[sensor] ?? 0) & (bytes >> 8));
    followed[next] = set & ~((1 - goesLeft) << sensor);
    followed[next + 1] = set & ~(goesLeft << sensor);
  }
};

/** Adds what each end gives, and works out the cases that are not known yet. */
const addEnds = (table: ContributionTable, into: Float64Array): void => {
  const { ends, followed, known } = table;
  const values = known ?? unkept;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let fifth = 0;
  let sixth = 0;
  for (let word = 0; word < ends.length; word += 4) {
    const rule = ends[word + 2] ?? 0;
    const path = rule & RULE.pathMask;
    const sensor = (rule >> RULE.sensorShift) & RULE.sensorMask;
    const again = rule >> RULE.againShift;
    const right = (followed[ends[word + 1] ?? 0] ?? 0) >> sensor;
    const rank = rankWithin(path, followed[ends[word] ?? 0] ?? 0) + ((right & again) << (SIZES[path] ?? 0));
    const at = known === null ? 0 : (ends[word + 3] ?? 0) + rank * WIDTH;
    if (known === null || Number.isNaN(values[at])) fillCase(table, word / 4, values, at);
    first += values[at] ?? 0;
    second += values[at + 1] ?? 0;
    third += values[at + 2] ?? 0;
    fourth += values[at + 3] ?? 0;
    fifth += values[at + 4] ?? 0;
    sixth += values[at + 5] ?? 0;
  }
  for (const [place, sum] of [first, second, third, fourth, fifth, sixth].entries())
    into[place] = (into[place] ?? 0) + sum;
};
