import { type Command, InvalidArgumentError } from 'commander';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { CALIBRATION_KINDS, type CalibrationKind } from '../../domain/model/calibration.ts';
import { areBaselineSettings, type BaselineSettings } from '../../edge/model/deviation.ts';
import { DEFAULT_TRAINING, type TrainingSettings } from '../../edge/training/train-model.ts';
import { UsageError } from '../terminal/usage-error.ts';

const DEFAULT_SMOOTH = 30;

/** What `train` and `tune --cross-train` take to train a model. */
export type TrainingOptions = Readonly<{
  rounds: number;
  depth: readonly number[];
  learningRate: number;
  recordingShare: number;
  rowShare: number;
  sensorShare: number;
  without: readonly Sensor[];
  minChildWeight: number | null;
  lambda: number;
  seed: number;
  baseline?: number;
  smooth: number;
  stopEarly?: boolean;
  shareCylinders?: boolean;
  calibration?: CalibrationKind;
}>;

/** The settings of a training; `threshold` is what counts as abnormal in its metrics. */
export const trainingSettings = (options: TrainingOptions, threshold: number): TrainingSettings => ({
  rounds: options.rounds,
  depths: options.depth,
  learningRate: options.learningRate,
  recordingShare: options.recordingShare,
  rowShare: options.rowShare,
  sensorShare: options.sensorShare,
  without: options.without,
  minChildWeight: options.minChildWeight,
  lambda: options.lambda,
  seed: options.seed,
  baseline: baselineOf(options),
  isStoppedEarly: options.stopEarly ?? false,
  threshold,
  isCylinderShared: options.shareCylinders ?? false,
  calibration: options.calibration ?? DEFAULT_TRAINING.calibration,
});

const baselineOf = ({ baseline: samples, smooth }: TrainingOptions): BaselineSettings | null => {
  if (samples === undefined) return null;
  if (areBaselineSettings({ samples, smooth })) return { samples, smooth };
  throw new UsageError(`--baseline ${samples} has to be longer than --smooth ${smooth}`);
};

/** Adds the options of whatever trains a model. */
export const withTrainingOptions = (command: Command): Command =>
  command
    .option('--rounds <count>', 'the most boosting rounds', count(1, 2000), DEFAULT_TRAINING.rounds)
    .option(
      '--depth <counts>',
      'the most splits between root and leaf; of several, as 2,4,6, held-out rows choose',
      depths,
      DEFAULT_TRAINING.depths,
    )
    .option('--learning-rate <share>', 'how much each round adds', share, DEFAULT_TRAINING.learningRate)
    .option(
      '--recording-share <share>',
      'of the recordings, how many a tree is grown on',
      share,
      DEFAULT_TRAINING.recordingShare,
    )
    .option('--row-share <share>', 'of their rows, how many', share, DEFAULT_TRAINING.rowShare)
    .option(
      '--sensor-share <share>',
      'of the sensors, how many a tree may split on',
      share,
      DEFAULT_TRAINING.sensorShare,
    )
    .option('--without <sensors>', 'sensors that the model may not use, by comma', sensors, [])
    .option(
      '--min-child-weight <number>',
      'the least sum of second derivatives beside a split (default: 4 % of the tree)',
      amount,
      null,
    )
    .option('--lambda <number>', 'L2 penalty on the values of leaves', amount, DEFAULT_TRAINING.lambda)
    .option('--seed <number>', 'the seed of what is drawn', count(0, 2 ** 32 - 1), DEFAULT_TRAINING.seed)
    .option(
      '--baseline <samples>',
      "give the model no values but how far each sensor is from its mean over the cylinder's first so many samples",
      count(2, 1_000_000),
    )
    .option(
      '--smooth <samples>',
      'with --baseline, how many samples the mean is of that is held against it',
      count(1, 100_000),
      DEFAULT_SMOOTH,
    )
    .option('--stop-early', 'held-out recordings choose the number of rounds too, by their loss')
    .option('--share-cylinders', 'recordings of one cylinder may stand on both sides of the split');

/** A choice of calibration for the card. */
export const calibrationKind = (text: string): CalibrationKind => {
  const kind = CALIBRATION_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(`Give one of ${CALIBRATION_KINDS.join(', ')}.`);
};

const count =
  (least: number, most: number): ((text: string) => number) =>
  (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };

const depths = (text: string): readonly number[] =>
  [...new Set(text.split(',').map(count(1, 10)))].sort((a, b) => a - b);

const sensors = (text: string): readonly Sensor[] => {
  const chosen = text.split(',').map((name) => {
    const sensor = SENSORS.find((known) => known === name.trim());
    if (sensor === undefined) throw new InvalidArgumentError(`Give some of ${SENSORS.join(', ')}.`);
    return sensor;
  });
  if (new Set(chosen).size === SENSORS.length) throw new InvalidArgumentError('A model needs a sensor.');
  return chosen;
};

const amount = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give a number from 0 on.');
};

/** A share above 0 and up to 1. */
export const share = (text: string): number => {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a number above 0 and up to 1.');
};
