import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { readBinary } from '../model/formats/read-binary.ts';
import { leafOf } from '../model/predict/score.ts';

export type BoostRequest = Readonly<{
  rows: readonly SensorValues[];
  /** 1 is abnormal, 0 is not; one for each row. */
  labels: readonly number[];
  rounds: number;
  depth: number;
  learningRate: number;
  /** How many normal rows one abnormal row counts for. */
  positiveWeight: number;
}>;

/** ml-xgboost copies its rows, 28 bytes each with the label, to a stack of 5 MB. */
export const MAX_ROWS = 180_000;

/** Trains gradient-boosted trees with ml-xgboost on at most MAX_ROWS rows; equal input gives equal trees. */
export const boost = async (request: BoostRequest): Promise<BoosterRecord> => {
  if (request.rows.length > MAX_ROWS) throw new Error(`more than ${MAX_ROWS} rows for one training`);
  const worker = new Worker(new URL('./boost-worker.ts', import.meta.url), {
    workerData: request,
    stdout: true,
    stderr: true,
  });
  const [model] = await once(worker, 'message');
  await worker.terminate();
  if (!(model instanceof Uint8Array)) throw new Error('ml-xgboost gave no model');
  // Its base margin is 0: the file means the same to every version, so it can say a present one.
  return { ...readBinary(model), xgboost: [1, 7], baseScore: 0.5, featureNames: SENSORS };
};

/** Cross-entropy of one row in nats, from the log-odds and the label 0 or 1. */
const logLoss = (margin: number, label: number): number => {
  const towards = label === 1 ? -margin : margin;
  return towards > 30 ? towards : Math.log1p(Math.exp(towards));
};

/** `recording` tells rows of one recording or cylinder from those of others. */
export type LabelledRow = Readonly<{ values: SensorValues; label: number; recording?: string }>;

/** The number of rounds, from the first on, whose trees together have the least mean log loss on held-out rows. */
export const bestRounds = (
  record: BoosterRecord,
  heldOut: readonly LabelledRow[],
  positiveWeight: number,
): number => {
  const losses = lossByRounds(record, heldOut, positiveWeight);
  return losses.indexOf(Math.min(...losses)) + 1;
};

/** The summed log loss on held-out rows after each round. */
export const lossByRounds = (
  record: BoosterRecord,
  heldOut: readonly LabelledRow[],
  positiveWeight: number,
): readonly number[] => {
  const { forest, baseMargin } = buildBooster(record);
  const rows = heldOut.map(({ values }) => Float32Array.from(values, (value) => value ?? Number.NaN));
  const margins = new Float64Array(rows.length).fill(baseMargin);
  return Array.from(forest.roots, (root) => {
    let loss = 0;
    for (const [i, row] of rows.entries()) {
      const margin = (margins[i] ?? 0) + (forest.value[leafOf(forest, row, root)] ?? 0);
      margins[i] = margin;
      const label = heldOut[i]?.label ?? 0;
      loss += logLoss(margin, label) * (label === 1 ? positiveWeight : 1);
    }
    return loss;
  });
};

/** The first rounds of a booster with one tree a round. */
export const keepRounds = (record: BoosterRecord, rounds: number): BoosterRecord => ({
  ...record,
  trees: record.trees.slice(0, rounds),
  treeOutputs: record.treeOutputs.slice(0, rounds),
  bestIteration: rounds - 1,
});
