import type { Calibration } from '../../domain/model/calibration.ts';
import type { BaselineSettings } from '../model/deviation.ts';
import { SPLIT_NAMES, SPLIT_WORTH } from './split-rows.ts';
import type { TrainedModel } from './train-model.ts';

/** A file that was trained on: its rows, abnormal ones among them, and the checksum of its bytes. */
export type TrainingData = Readonly<{ file: string; sha256: string; rows: number; positives: number }>;

/** What a trained model was made from and how good it is, as data: the same facts as the page. */
export const modelCard = (
  {
    settings,
    split,
    parts,
    folds,
    emptySensors,
    roundsKept,
    depth,
    positiveWeight,
    metrics,
    reference,
    calibration,
  }: TrainedModel,
  data: readonly TrainingData[],
  remarks: readonly string[] = [],
) => ({
  objective: 'binary:logistic',
  data,
  settings,
  split,
  worth: SPLIT_WORTH[split],
  parts,
  folds,
  emptySensors,
  remarks,
  roundsKept,
  depth,
  positiveWeight,
  // JSON knows no NaN: where one kind of rows is missing there is no area.
  metrics: {
    ...metrics,
    auc: finiteOrNull(metrics.auc),
    averagePrecision: finiteOrNull(metrics.averagePrecision),
  },
  reference,
  calibration,
});

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The card as a Markdown page under a title; `remarks` are on cells that were taken as missing. */
export const modelCardPage = (
  title: string,
  trained: TrainedModel,
  data: readonly TrainingData[],
  remarks: readonly string[] = [],
): string => {
  const { settings, split, parts, folds, emptySensors, roundsKept, depth, positiveWeight, metrics } = trained;
  const { confusion, calibration } = metrics;
  const notes = [
    ...emptySensors.map((sensor) => `${sensor} has no value in any row: the model knows nothing of it.`),
    ...remarks,
  ];
  return `# ${title}

Probability that a cylinder is abnormal, from its six sensors. Gradient-boosted trees in XGBoost's format.
${settings.baseline === null ? '' : `\n${baselinePage(settings.baseline)}\n`}
Split: ${SPLIT_NAMES[split]}${folds === null ? '' : ` in ${folds} folds`}. ${SPLIT_WORTH[split]}

| part | rows | abnormal |
|---|---|---|
| training | ${parts.training.rows} | ${parts.training.positives} |
| choice of rounds | ${parts.stopping.rows} | ${parts.stopping.positives} |
| test | ${parts.test.rows} | ${parts.test.positives} |

${roundsKept} of ${settings.rounds} rounds were kept, trees of depth ${depth}, learning rate ${settings.learningRate}; each tree was given ${percent(settings.recordingShare)} of the
recordings, ${percent(settings.rowShare)} of their rows and ${percent(settings.sensorShare)} of the sensors. An abnormal row counted for ${positiveWeight.toFixed(2)} normal ones;
the base score takes that back. Probabilities are XGBoost's own; ${calibrationText(trained.calibration)}.
${notes.map((note) => `\n- ${note}`).join('')}

| on the test part | |
|---|---|
| area under the ROC curve | ${shown(metrics.auc)} |
| average precision | ${shown(metrics.averagePrecision)} |
| log loss | ${shown(metrics.logLoss)} |
| Brier score | ${shown(metrics.brier)} |

| at probability ${settings.threshold} | abnormal | normal |
|---|---|---|
| told abnormal | ${confusion.truePositive} | ${confusion.falsePositive} |
| told normal | ${confusion.falseNegative} | ${confusion.trueNegative} |

| probability from | rows | mean probability | share abnormal |
|---|---|---|---|
${calibration.map((bin) => `| ${bin.from} | ${bin.rows} | ${shown(bin.meanProbability)} | ${shown(bin.abnormalShare)} |`).join('\n')}
${dataTable(data)}`;
};

const dataTable = (data: readonly TrainingData[]): string =>
  data.length === 0
    ? ''
    : `
| trained on | rows | abnormal | SHA-256 |
|---|---|---|---|
${data.map(({ file, rows, positives, sha256 }) => `| ${file} | ${rows} | ${positives} | ${sha256.slice(0, 16)}… |`).join('\n')}
`;

const baselinePage = ({ samples, smooth }: BaselineSettings): string =>
  `The model is given no values but deviations: by what share of its baseline, the mean over a cylinder's first ${samples} samples,
each sensor is away from it, as a mean over the last ${smooth}. The cylinder has to be sound while its baseline is learned.`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const calibrationText = (calibration: Calibration | null): string => {
  if (calibration === null) return 'there is no calibration, because rows of one kind are missing';
  if (calibration.kind === 'isotonic')
    return `the card holds an isotonic calibration of ${calibration.points.length} steps, applied only when asked`;
  const { slope, intercept } = calibration;
  return `the card holds a calibration of the log-odds (Platt: slope ${slope.toFixed(3)}, intercept ${intercept.toFixed(3)}), applied only when asked`;
};

const shown = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(4) : 'unknown: the test part holds one kind of rows only';
