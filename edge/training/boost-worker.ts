import { parentPort, workerData } from 'node:worker_threads';
import ready from 'ml-xgboost';
import type { BoostRequest } from './boost.ts';

// Runs in a thread of its own: ml-xgboost prints on start, adds listeners to its process and may end it.

const MISSING = -1;
const NEXT_TO_MISSING = Math.fround(-1 - 2 ** -23);

const { rows, labels, rounds, depth, learningRate, positiveWeight }: BoostRequest = workerData;
const Booster = await ready;
const booster = new Booster({
  booster: 'gbtree',
  objective: 'binary:logistic',
  base_score: 0.5,
  max_depth: depth,
  eta: learningRate,
  scale_pos_weight: positiveWeight,
  min_child_weight: 5,
  subsample: 1,
  silent: 1,
  iterations: rounds,
});

// ml-xgboost takes −1 for missing and stops at NaN.
const encode = (row: readonly (number | null)[]): readonly number[] =>
  row.map((value) => {
    if (value === null || Number.isNaN(value)) return MISSING;
    return Math.fround(value) === MISSING ? NEXT_TO_MISSING : value;
  });
booster.train(rows.map(encode), [...labels]);
parentPort?.postMessage(Uint8Array.from(booster.toJSON().model));
booster.free();
