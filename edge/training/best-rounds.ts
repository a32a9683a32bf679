import type { SensorValues } from '../../domain/message/sample.ts';
import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { leafOf } from '../model/predict/score.ts';

/** Cross-entropy of one row in nats, from the log-odds and the label 0 or 1. */
const logLoss = (margin: number, label: number): number => {
  const towards = label === 1 ? -margin : margin;
  return towards > 30 ? towards : Math.log1p(Math.exp(towards));
};

export type LabelledRow = Readonly<{ values: SensorValues; label: number }>;

/** The number of rounds, from the first on, whose trees together have the least mean log loss on held-out rows. */
export const bestRounds = (
  record: BoosterRecord,
  heldOut: readonly LabelledRow[],
  positiveWeight: number,
): number => {
  const { forest, baseMargin } = buildBooster(record);
  const rows = heldOut.map(({ values }) => Float32Array.from(values, (value) => value ?? Number.NaN));
  const margins = new Float64Array(rows.length).fill(baseMargin);
  let best = { rounds: 0, loss: Number.POSITIVE_INFINITY };
  for (const [tree, root] of forest.roots.entries()) {
    let loss = 0;
    for (const [i, row] of rows.entries()) {
      const margin = (margins[i] ?? 0) + (forest.value[leafOf(forest, row, root)] ?? 0);
      margins[i] = margin;
      const label = heldOut[i]?.label ?? 0;
      loss += logLoss(margin, label) * (label === 1 ? positiveWeight : 1);
    }
    if (loss < best.loss) best = { rounds: tree + 1, loss };
  }
  return best.rounds;
};

/** The first rounds of a booster with one tree a round. */
export const keepRounds = (record: BoosterRecord, rounds: number): BoosterRecord => ({
  ...record,
  trees: record.trees.slice(0, rounds),
  treeOutputs: record.treeOutputs.slice(0, rounds),
  bestIteration: rounds - 1,
});
