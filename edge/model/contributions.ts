import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import { type ContributionTable, contributionTable } from './contribution-table.ts';
import type { Booster, Model } from './model.ts';
import { ALL_SENSORS, MEMBERS, rankWithin } from './sensor-sets.ts';
import { shapleyOfLeaf } from './shapley.ts';

/** What each sensor adds to the log-odds, in the order of SENSORS, and what all rows begin with; they sum to the margin. */
export type Contributions = Readonly<{ sensors: readonly number[]; bias: number }>;

const tables = new WeakMap<Booster, ContributionTable>();
const row = new Float32Array(SENSORS.length);
const unkept = new Float32Array(SENSORS.length);

/** Exact TreeSHAP by cover, as XGBoost's pred_contribs within 1e-5; the mean over the folds of a cross-validation. */
export function contributions(model: Model, values: SensorValues): Contributions {
  for (let i = 0; i < row.length; i++) row[i] = values[i] ?? Number.NaN;
  const sums = new Float64Array(SENSORS.length);
  let bias = 0;
  for (const booster of model.boosters) {
    const table = tableOf(booster);
    follow(table);
    addLeaves(table, sums);
    bias += table.mean + booster.baseMargin;
  }
  const count = model.boosters.length;
  return { sensors: Array.from(sums, (sum) => sum / count), bias: bias / count };
}

function tableOf(booster: Booster): ContributionTable {
  const known = tables.get(booster);
  if (known !== undefined) return known;
  const table = contributionTable(booster.forest);
  tables.set(booster, table);
  return table;
}

/** Notes for each node for which sensors the row follows all splits on the way there. */
function follow({ forest, splits, followed }: ContributionTable): void {
  const { left, sensor, value, defaultLeft, roots } = forest;
  for (let i = 0; i < roots.length; i++) followed[roots[i] ?? 0] = ALL_SENSORS;
  for (let i = 0; i < splits.length; i++) {
    const node = splits[i] ?? 0;
    const next = left[node] ?? 0;
    const set = followed[node] ?? 0;
    const split = sensor[node] ?? 0;
    const x = row[split] ?? Number.NaN;
    const goesLeft = Number.isNaN(x) ? defaultLeft[node] === 1 : x < (value[node] ?? 0);
    const rest = set & ~(1 << split);
    followed[next] = goesLeft ? set : rest;
    followed[next + 1] = goesLeft ? rest : set;
  }
}

function addLeaves({ leaves, followed, known, shares }: ContributionTable, into: Float64Array): void {
  const values = known ?? unkept;
  for (let leaf = 0; leaf < leaves.node.length; leaf++) {
    const path = leaves.path[leaf] ?? 0;
    const members = MEMBERS[path] ?? unkept;
    const count = members.length;
    const rank = rankWithin(path, followed[leaves.node[leaf] ?? 0] ?? 0);
    const at = known === null ? 0 : (leaves.knownAt[leaf] ?? 0) + rank * count;
    if (known === null || Number.isNaN(values[at])) {
      const its = { shares, from: leaves.sharesAt[leaf] ?? 0, count };
      shapleyOfLeaf(its, rank, leaves.value[leaf] ?? 0, values, at);
    }
    for (let i = 0; i < count; i++) {
      const sensor = members[i] ?? 0;
      into[sensor] = (into[sensor] ?? 0) + (values[at + i] ?? 0);
    }
  }
}
