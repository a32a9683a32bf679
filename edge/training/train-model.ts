import { SENSORS, type Sensor, type SensorValues } from '../../domain/message/sample.ts';
import { type Reference, referenceOf } from '../../domain/model/model-card.ts';
import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { leafOf } from '../model/predict/score.ts';
import { sigmoid } from '../model/predict/single-precision.ts';
import { bestRounds, boost, keepRounds, type LabelledRow, lossByRounds, MAX_ROWS } from './boost.ts';
import { type Judged, type Metrics, measure } from './metrics.ts';
import { type Parts, type Split, splitRows } from './split-rows.ts';

export type TrainingSettings = Readonly<{
  /** The most boosting rounds; held-out rows say how many are kept. */
  rounds: number;
  depth: number;
  learningRate: number;
  /** From this probability on a row counts as abnormal in the metrics. */
  threshold: number;
}>;

/** Rows of a part, and abnormal ones among them. */
export type PartCount = Readonly<{ rows: number; positives: number }>;

export type TrainedModel = Readonly<{
  record: BoosterRecord;
  settings: TrainingSettings;
  split: Split['kind'];
  parts: Parts<PartCount>;
  /** How many of the rows for training were used, evenly chosen: ml-xgboost takes MAX_ROWS. */
  rowsUsed: number;
  /** Those without a value in any row. */
  emptySensors: readonly Sensor[];
  roundsKept: number;
  /** How many normal rows one abnormal row counted for. */
  positiveWeight: number;
  metrics: Metrics;
  /** Of the sound rows, with scores of those that training had not seen. */
  reference: Reference;
}>;

export type TrainResult = Readonly<{ ok: true; trained: TrainedModel } | { ok: false; message: string }>;

const LARGEST_POSITIVE_WEIGHT = 100;

/**
 * Trains on the split that the labels allow, keeps the rounds with the least loss on rows that training has not seen,
 * and measures on others. Abnormal rows count as much as normal ones; the base score takes that back, so that
 * probabilities keep the share of abnormal rows (prior correction: King and Zeng, "Logistic Regression in Rare Events
 * Data", 2001).
 */
export const trainModel = async (
  rows: readonly LabelledRow[],
  settings: TrainingSettings,
): Promise<TrainResult> => {
  const divided = splitRows(rows);
  if (!divided.ok) return divided;
  const { split } = divided;
  const outcome =
    split.kind === 'blocks'
      ? await trainOnBlocks(rows, split.folds, settings)
      : await trainOnParts(split.parts, settings);
  const emptySensors = SENSORS.filter((_, sensor) =>
    rows.every(({ values }) => values[sensor] === null || Number.isNaN(values[sensor])),
  );
  const { record, judged, ...others } = outcome;
  const metrics = measure(judged, settings.threshold);
  const roundsKept = record.trees.length;
  const reference = referenceOf(
    rows.flatMap(({ values, label }) => (label === 0 ? [values] : [])),
    judged.flatMap(({ probability, label }) => (label === 0 ? [probability] : [])),
  );
  return {
    ok: true,
    trained: { ...others, record, settings, split: split.kind, emptySensors, roundsKept, metrics, reference },
  };
};

type Outcome = Pick<TrainedModel, 'record' | 'parts' | 'rowsUsed' | 'positiveWeight'> &
  Readonly<{ judged: readonly Judged[] }>;

const trainOnParts = async (
  { training, stopping, test }: Parts<readonly LabelledRow[]>,
  settings: TrainingSettings,
): Promise<Outcome> => {
  const { full, positiveWeight, rowsUsed } = await fit(training, settings);
  const record = priorCorrected(keepRounds(full, bestRounds(full, stopping, positiveWeight)), positiveWeight);
  return {
    record,
    judged: judge(record, test),
    parts: { training: countOf(training), stopping: countOf(stopping), test: countOf(test) },
    rowsUsed,
    positiveWeight,
  };
};

/** Held-out blocks of all folds choose the rounds together, then measure; the model is that of all rows. */
const trainOnBlocks = async (
  rows: readonly LabelledRow[],
  folds: Extract<Split, { kind: 'blocks' }>['folds'],
  settings: TrainingSettings,
): Promise<Outcome> => {
  const fitted = [];
  for (const { training, heldOut } of folds) fitted.push({ ...(await fit(training, settings)), heldOut });
  const losses = fitted.map(({ full, heldOut, positiveWeight }) =>
    lossByRounds(full, heldOut, positiveWeight),
  );
  const total = Array.from({ length: Math.min(...losses.map(({ length }) => length)) }, (_, round) =>
    losses.reduce((sum, of) => sum + (of[round] ?? 0), 0),
  );
  const rounds = total.indexOf(Math.min(...total)) + 1;
  const judged = fitted.flatMap(({ full, heldOut, positiveWeight }) =>
    judge(priorCorrected(keepRounds(full, rounds), positiveWeight), heldOut),
  );
  const { full, positiveWeight, rowsUsed } = await fit(rows, settings);
  const heldOut = countOf(fitted.flatMap((fold) => fold.heldOut));
  return {
    record: priorCorrected(keepRounds(full, rounds), positiveWeight),
    judged,
    parts: { training: countOf(rows), stopping: heldOut, test: heldOut },
    rowsUsed,
    positiveWeight,
  };
};

const fit = async (rows: readonly LabelledRow[], settings: TrainingSettings) => {
  const { rows: count, positives } = countOf(rows);
  const positiveWeight = Math.min((count - positives) / positives, LARGEST_POSITIVE_WEIGHT);
  const used = thinned(rows);
  const full = await boost({
    ...settings,
    rows: used.map(({ values }) => values),
    labels: used.map(({ label }) => label),
    positiveWeight,
  });
  return { full, positiveWeight, rowsUsed: used.length };
};

const priorCorrected = (record: BoosterRecord, positiveWeight: number): BoosterRecord => ({
  ...record,
  baseScore: sigmoid(Math.fround(-Math.log(positiveWeight)), true),
});

const countOf = (rows: readonly LabelledRow[]): PartCount => ({
  rows: rows.length,
  positives: rows.reduce((sum, { label }) => sum + label, 0),
});

/** Evenly chosen rows, where there are more than one training takes. */
const thinned = (rows: readonly LabelledRow[]): readonly LabelledRow[] => {
  if (rows.length <= MAX_ROWS) return rows;
  return Array.from({ length: MAX_ROWS }, (_, i) => rows[Math.floor((i * rows.length) / MAX_ROWS)]).filter(
    (row) => row !== undefined,
  );
};

/** What a record of one tree a round answers: the probability of abnormal, 0…1, for six values. */
export const probabilityBy = (record: BoosterRecord): ((values: SensorValues) => number) => {
  const { forest, baseMargin, boundedSigmoid } = buildBooster(record);
  return (values) => {
    const row = Float32Array.from(values, (value) => value ?? Number.NaN);
    const margin = forest.roots.reduce(
      (sum, root) => Math.fround(sum + (forest.value[leafOf(forest, row, root)] ?? 0)),
      baseMargin,
    );
    return sigmoid(margin, boundedSigmoid);
  };
};

const judge = (record: BoosterRecord, rows: readonly LabelledRow[]): readonly Judged[] => {
  const probability = probabilityBy(record);
  return rows.map(({ values, label }) => ({ probability: probability(values), label }));
};
