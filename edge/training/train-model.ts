import { SENSORS, type Sensor, type SensorValues } from '../../domain/message/sample.ts';
import type { Calibration, CalibrationKind } from '../../domain/model/calibration.ts';
import { type Reference, referenceOfColumns } from '../../domain/model/model-card.ts';
import type { BaselineSettings } from '../model/deviation.ts';
import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { leafOf } from '../model/predict/score.ts';
import { sigmoid } from '../model/predict/single-precision.ts';
import { type BoostSettings, boost, keepRounds, type LabelledRow, lossByRounds } from './boost.ts';
import { deviationRows } from './deviation-rows.ts';
import { fitCalibration } from './fit-calibration.ts';
import { type Judged, type Metrics, measure } from './metrics.ts';
import { soundColumn } from './packed-rows.ts';
import { type Parts, type Split, splitRows } from './split-rows.ts';

export type TrainingSettings = Omit<BoostSettings, 'depth' | 'isMonotone'> &
  Readonly<{
    /** How deep trees may be; held-out rows choose one of several. */
    depths: readonly number[];
    /**
     * Whether recordings that are held out choose the number of rounds by their loss, as later parts of one recording
     * always do. A recording that no model knows stops them early, at the cost of all others.
     */
    isStoppedEarly: boolean;
    /** From this probability on a row counts as abnormal in the metrics. */
    threshold: number;
    /** Recordings of one cylinder may stand on both sides of a split. */
    isCylinderShared: boolean;
    /** The model is given deviations from each recording's baseline; null for the values themselves. */
    baseline: BaselineSettings | null;
    calibration: CalibrationKind;
  }>;

/**
 * What is used where nothing is said. Small shares and many slow rounds, because a tree that sees a third of the
 * recordings and of the sensors learns what they have in common rather than each of them by heart: docs/evaluation.md
 * has the figures.
 */
export const DEFAULT_TRAINING: TrainingSettings = {
  rounds: 300,
  depths: [6],
  learningRate: 0.05,
  recordingShare: 0.3,
  rowShare: 0.5,
  sensorShare: 0.34,
  without: [],
  minChildWeight: null,
  lambda: 1,
  seed: 1,
  isStoppedEarly: false,
  threshold: 0.5,
  isCylinderShared: false,
  baseline: null,
  calibration: 'platt',
};

/** Rows of a part, and abnormal ones among them. */
export type PartCount = Readonly<{ rows: number; positives: number }>;

export type TrainedModel = Readonly<{
  record: BoosterRecord;
  settings: TrainingSettings;
  split: Split['kind'];
  parts: Parts<PartCount>;
  /** How many folds measured it, where that is a cross-validation; null where the parts are apart. */
  folds: number | null;
  /** Those without a value in any row. */
  emptySensors: readonly Sensor[];
  roundsKept: number;
  depth: number;
  /** How many normal rows one abnormal row counted for. */
  positiveWeight: number;
  metrics: Metrics;
  /** Of the sound rows, with scores of those that training had not seen. */
  reference: Reference;
  /** Brings probabilities to the share of abnormal rows that they had; null where one kind of rows is missing. */
  calibration: Calibration | null;
}>;

export type TrainResult = Readonly<{ ok: true; trained: TrainedModel } | { ok: false; message: string }>;

const LARGEST_POSITIVE_WEIGHT = 100;

/**
 * Trains on the split that the labels allow, keeps the depth and the rounds with the least loss on rows that training has
 * not seen, and measures on others. Abnormal rows count as much as normal ones; the base score takes that back, so that
 * probabilities keep the share of abnormal rows (prior correction: King and Zeng, "Logistic Regression in Rare Events
 * Data", 2001).
 */
export const trainModel = (recorded: readonly LabelledRow[], settings: TrainingSettings): TrainResult => {
  const { baseline } = settings;
  const rows = baseline === null ? recorded : deviationRows(recorded, baseline);
  const divided = splitRows(rows, settings.isCylinderShared);
  if (!divided.ok) return divided;
  const { split } = divided;
  const outcome =
    'folds' in split ? trainOnFolds(rows, split, settings) : trainOnParts(split.parts, settings);
  const emptySensors = SENSORS.filter((_, sensor) =>
    recorded.every(({ values }) => Number.isNaN(values[sensor] ?? Number.NaN)),
  );
  const { record, judged, ...others } = outcome;
  return {
    ok: true,
    trained: {
      ...others,
      record: baseline === null ? record : { ...record, baseline },
      settings,
      split: split.kind,
      emptySensors,
      roundsKept: record.trees.length,
      metrics: measure(judged, settings.threshold),
      reference: referenceOfColumns(
        // Drift is looked for in what sensors say.
        countOf(recorded).rows - countOf(recorded).positives,
        (sensor) => soundColumn(recorded, sensor),
        judged.flatMap(({ probability, label }) => (label === 0 ? [probability] : [])),
      ),
      calibration: fitCalibration(settings.calibration, judged),
    },
  };
};

type Outcome = Pick<TrainedModel, 'record' | 'parts' | 'folds' | 'depth' | 'positiveWeight'> &
  Readonly<{ judged: readonly Judged[] }>;

/** A depth and a number of rounds, with the loss on held-out rows. */
type Tried = Readonly<{ depth: number; rounds: number; loss: number }>;

/** The least loss, by how it is after each round at each depth; the shallowest and the fewest rounds of equals. */
const leastLoss = (lossesByDepth: ReadonlyMap<number, readonly number[]>, isStoppedEarly = true): Tried => {
  const tried = [...lossesByDepth].flatMap(([depth, losses]) =>
    losses
      .map((loss, round) => ({ depth, rounds: round + 1, loss }))
      .slice(isStoppedEarly ? 0 : losses.length - 1),
  );
  const [first, ...others] = tried;
  if (first === undefined) throw new Error('no depth to try');
  return others.reduce((best, other) => (other.loss < best.loss ? other : best), first);
};

const trainOnParts = (
  { training, stopping, test }: Parts<readonly LabelledRow[]>,
  settings: TrainingSettings,
): Outcome => {
  const fitted = new Map(settings.depths.map((depth) => [depth, fit(training, settings, depth)]));
  const { depth, rounds } = leastLoss(
    new Map(
      [...fitted].map(([of, { full, positiveWeight }]) => [of, lossByRounds(full, stopping, positiveWeight)]),
    ),
  );
  const { full, positiveWeight } = fitted.get(depth) ?? fit(training, settings, depth);
  const record = priorCorrected(keepRounds(full, rounds), positiveWeight);
  return {
    record,
    judged: judge(record, test),
    parts: { training: countOf(training), stopping: countOf(stopping), test: countOf(test) },
    folds: null,
    depth,
    positiveWeight,
  };
};

const sumOf = (all: readonly (readonly number[])[]): readonly number[] =>
  Array.from(all[0] ?? [], (_, round) => all.reduce((sum, of) => sum + (of[round] ?? 0), 0));

/**
 * The folds choose depth and rounds together; the model is that of all rows. Each fold is measured with what the others
 * would have chosen, so that the choice is no part of what is measured.
 */
const trainOnFolds = (
  rows: readonly LabelledRow[],
  { kind, folds }: Extract<Split, { folds: unknown }>,
  settings: TrainingSettings,
): Outcome => {
  const isStoppedEarly = kind === 'blocks' || settings.isStoppedEarly;
  const fitted = folds.map(({ training, heldOut }) => ({
    heldOut,
    byDepth: new Map(
      settings.depths.map((depth) => {
        const { full, positiveWeight } = fit(training, settings, depth);
        return [depth, { full, positiveWeight, losses: lossByRounds(full, heldOut, positiveWeight) }];
      }),
    ),
  }));
  const choose = (from: typeof fitted): Tried =>
    leastLoss(
      new Map(
        settings.depths.map((depth) => [
          depth,
          sumOf(from.map(({ byDepth }) => byDepth.get(depth)?.losses ?? [])),
        ]),
      ),
      isStoppedEarly,
    );
  const judged = fitted.flatMap((fold) => {
    const { depth, rounds } = choose(fitted.filter((other) => other !== fold));
    const its = fold.byDepth.get(depth);
    return its === undefined
      ? []
      : judge(priorCorrected(keepRounds(its.full, rounds), its.positiveWeight), fold.heldOut);
  });
  const { depth, rounds } = choose(fitted);
  const { full, positiveWeight } = fit(rows, { ...settings, rounds }, depth);
  const heldOut = countOf(fitted.flatMap((fold) => fold.heldOut));
  return {
    record: priorCorrected(full, positiveWeight),
    judged,
    parts: { training: countOf(rows), stopping: heldOut, test: heldOut },
    folds: folds.length,
    depth,
    positiveWeight,
  };
};

const fit = (rows: readonly LabelledRow[], settings: TrainingSettings, depth: number) => {
  const { rows: count, positives } = countOf(rows);
  const positiveWeight = Math.min((count - positives) / positives, LARGEST_POSITIVE_WEIGHT);
  return {
    full: boost(rows, { ...settings, depth, isMonotone: settings.baseline !== null }, positiveWeight),
    positiveWeight,
  };
};

const priorCorrected = (record: BoosterRecord, positiveWeight: number): BoosterRecord => ({
  ...record,
  baseScore: sigmoid(Math.fround(-Math.log(positiveWeight)), true),
});

const countOf = (rows: readonly LabelledRow[]): PartCount => ({
  rows: rows.length,
  positives: rows.reduce((sum, { label }) => sum + label, 0),
});

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
