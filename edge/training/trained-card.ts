import { SPLIT_NAMES, SPLIT_WORTH } from './split-rows.ts';
import type { TrainedModel } from './train-model.ts';

/** What a trained model was made from and how good it is, as data: the same facts as the page. */
export const modelCard = (
  {
    settings,
    split,
    parts,
    rowsUsed,
    emptySensors,
    roundsKept,
    positiveWeight,
    metrics,
    reference,
  }: TrainedModel,
  remarks: readonly string[] = [],
) => ({
  objective: 'binary:logistic',
  settings,
  split,
  worth: SPLIT_WORTH[split],
  parts,
  rowsUsed,
  emptySensors,
  remarks,
  roundsKept,
  positiveWeight,
  // JSON knows no NaN: where one kind of rows is missing there is no area.
  metrics: {
    ...metrics,
    auc: finiteOrNull(metrics.auc),
    averagePrecision: finiteOrNull(metrics.averagePrecision),
  },
  reference,
});

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The card as a Markdown page under a title; `remarks` are on cells that were taken as missing. */
export const modelCardPage = (
  title: string,
  trained: TrainedModel,
  remarks: readonly string[] = [],
): string => {
  const { settings, split, parts, rowsUsed, emptySensors, roundsKept, positiveWeight, metrics } = trained;
  const { confusion, calibration } = metrics;
  const notes = [
    ...(rowsUsed < parts.training.rows
      ? [
          `${rowsUsed} of the ${parts.training.rows} rows for training were used, evenly chosen: ml-xgboost takes no more.`,
        ]
      : []),
    ...emptySensors.map((sensor) => `${sensor} has no value in any row: the model knows nothing of it.`),
    ...remarks,
  ];
  return `# ${title}

Probability that a cylinder is abnormal, from its six sensors. Gradient-boosted trees, trained with ml-xgboost.

Split: ${SPLIT_NAMES[split]}. ${SPLIT_WORTH[split]}

| part | rows | abnormal |
|---|---|---|
| training | ${parts.training.rows} | ${parts.training.positives} |
| choice of rounds | ${parts.stopping.rows} | ${parts.stopping.positives} |
| test | ${parts.test.rows} | ${parts.test.positives} |

${roundsKept} of ${settings.rounds} rounds were kept, trees of depth ${settings.depth}, learning rate ${settings.learningRate}. An abnormal row counted
for ${positiveWeight.toFixed(2)} normal ones; the base score takes that back.
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
`;
};

const shown = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(4) : 'unknown: the test part holds one kind of rows only';
