import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { leafOf } from '../model/predict/score.ts';
import { sigmoid } from '../model/predict/single-precision.ts';
import { bestRounds, boost, keepRounds, type LabelledRow, MAX_ROWS } from './boost.ts';
import { type Metrics, measure } from './metrics.ts';

export type TrainingSettings = Readonly<{
  /** The most boosting rounds; held-out rows say how many are kept. */
  rounds: number;
  depth: number;
  learningRate: number;
  /** From this probability on a row counts as abnormal in the metrics. */
  threshold: number;
}>;

/** Counts of rows and of abnormal ones among them, in each part of the recording. */
export type Parts = Readonly<
  Record<'training' | 'stopping' | 'test', Readonly<{ rows: number; positives: number }>>
>;

export type TrainedModel = Readonly<{
  record: BoosterRecord;
  settings: TrainingSettings;
  parts: Parts;
  roundsKept: number;
  /** How many normal rows one abnormal row counted for. */
  positiveWeight: number;
  metrics: Metrics;
}>;

export type TrainResult = Readonly<{ ok: true; trained: TrainedModel } | { ok: false; message: string }>;

const TRAINING_SHARE = 0.6;
const STOPPING_SHARE = 0.2;
const FEWEST_OF_A_KIND = 5;
const LARGEST_POSITIVE_WEIGHT = 100;

/**
 * Trains on the first 60 % of rows in order of time, keeps the rounds with the least loss on the next 20 %, and measures
 * on the last. Abnormal rows count as much as normal ones; the base score takes that back, so that probabilities keep
 * the share of abnormal rows (prior correction: King and Zeng, "Logistic Regression in Rare Events Data", 2001).
 */
export const trainModel = async (
  rows: readonly LabelledRow[],
  settings: TrainingSettings,
): Promise<TrainResult> => {
  const first = Math.floor(rows.length * TRAINING_SHARE);
  const second = Math.floor(rows.length * (TRAINING_SHARE + STOPPING_SHARE));
  const [training, stopping, test] = [rows.slice(0, first), rows.slice(first, second), rows.slice(second)];
  const parts = { training: countOf(training), stopping: countOf(stopping), test: countOf(test) };
  const lack = lackOf(parts);
  if (lack !== null) return { ok: false, message: lack };
  const { rows: count, positives } = parts.training;
  const positiveWeight = Math.min((count - positives) / positives, LARGEST_POSITIVE_WEIGHT);
  const used = thinned(training);
  const full = await boost({
    ...settings,
    rows: used.map(({ values }) => values),
    labels: used.map(({ label }) => label),
    positiveWeight,
  });
  const roundsKept = bestRounds(full, stopping, positiveWeight);
  const record = {
    ...keepRounds(full, roundsKept),
    baseScore: sigmoid(Math.fround(-Math.log(positiveWeight)), true),
  };
  const metrics = measure(judge(record, test), settings.threshold);
  return { ok: true, trained: { record, settings, parts, roundsKept, positiveWeight, metrics } };
};

const countOf = (rows: readonly LabelledRow[]) => ({
  rows: rows.length,
  positives: rows.reduce((sum, { label }) => sum + label, 0),
});

const lackOf = (parts: Parts): string | null => {
  for (const [part, { rows, positives }] of Object.entries(parts)) {
    if (part === 'test') continue;
    if (positives < FEWEST_OF_A_KIND || rows - positives < FEWEST_OF_A_KIND)
      return `of the ${rows} rows for ${part}, ${positives} are abnormal; there must be ${FEWEST_OF_A_KIND} of each kind`;
  }
  return parts.test.rows === 0 ? 'no rows are left for the test' : null;
};

/** Evenly chosen rows, where there are more than one training takes. */
const thinned = (rows: readonly LabelledRow[]): readonly LabelledRow[] => {
  if (rows.length <= MAX_ROWS) return rows;
  return Array.from({ length: MAX_ROWS }, (_, i) => rows[Math.floor((i * rows.length) / MAX_ROWS)]).filter(
    (row) => row !== undefined,
  );
};

const judge = (record: BoosterRecord, rows: readonly LabelledRow[]) => {
  const { forest, baseMargin, boundedSigmoid } = buildBooster(record);
  return rows.map(({ values, label }) => {
    const row = Float32Array.from(values, (value) => value ?? Number.NaN);
    const margin = forest.roots.reduce(
      (sum, root) => Math.fround(sum + (forest.value[leafOf(forest, row, root)] ?? 0)),
      baseMargin,
    );
    return { probability: sigmoid(margin, boundedSigmoid), label };
  });
};
