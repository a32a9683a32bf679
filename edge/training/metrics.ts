/** A scored row: its probability of abnormal and its label, 1 or 0. */
export type Judged = Readonly<{ probability: number; label: number }>;

export type Metrics = Readonly<{
  rows: number;
  positives: number;
  /** Area under the ROC curve: how often an abnormal row scores above a normal one. NaN with one kind of rows only. */
  auc: number;
  /** Average precision, the area under the precision-recall curve. */
  averagePrecision: number;
  /** Mean cross-entropy in nats. */
  logLoss: number;
  /** Mean squared distance of probability and label. */
  brier: number;
  /** Counts of rows at the threshold. */
  confusion: Readonly<{
    truePositive: number;
    falsePositive: number;
    falseNegative: number;
    trueNegative: number;
  }>;
  /** For each tenth of probability: rows, their mean probability, and the share that was abnormal. */
  calibration: readonly Readonly<{
    from: number;
    rows: number;
    meanProbability: number;
    abnormalShare: number;
  }>[];
}>;

const SMALLEST_PROBABILITY = 1e-15;
const CALIBRATION_BINS = 10;

/** How well probabilities tell abnormal rows from normal ones; at or above `threshold` counts as abnormal. */
export const measure = (judged: readonly Judged[], threshold: number): Metrics => {
  const sorted = judged.toSorted((a, b) => b.probability - a.probability);
  const positives = judged.filter(({ label }) => label === 1).length;
  const mean = (of: (row: Judged) => number) => judged.reduce((sum, row) => sum + of(row), 0) / judged.length;
  return {
    rows: judged.length,
    positives,
    ...areas(sorted, positives),
    logLoss: mean(
      ({ probability, label }) =>
        -Math.log(Math.max(label === 1 ? probability : 1 - probability, SMALLEST_PROBABILITY)),
    ),
    brier: mean(({ probability, label }) => (probability - label) ** 2),
    confusion: confusionAt(judged, threshold),
    calibration: calibrationOf(judged),
  };
};

// Rows of equal probability are taken together: no order among them is better than another.
const areas = (descending: readonly Judged[], positives: number) => {
  const negatives = descending.length - positives;
  let truePositive = 0;
  let falsePositive = 0;
  let auc = 0;
  let averagePrecision = 0;
  for (let i = 0; i < descending.length; ) {
    const { probability } = descending[i] ?? { probability: 0 };
    let [ups, downs] = [0, 0];
    for (; i < descending.length && descending[i]?.probability === probability; i++)
      if (descending[i]?.label === 1) ups++;
      else downs++;
    auc += downs * (truePositive + ups / 2);
    truePositive += ups;
    falsePositive += downs;
    averagePrecision += ups * (truePositive / (truePositive + falsePositive));
  }
  return { auc: auc / (positives * negatives), averagePrecision: averagePrecision / positives };
};

const confusionAt = (judged: readonly Judged[], threshold: number): Metrics['confusion'] => {
  const count = (label: number, raised: boolean) =>
    judged.filter((row) => row.label === label && row.probability >= threshold === raised).length;
  return {
    truePositive: count(1, true),
    falsePositive: count(0, true),
    falseNegative: count(1, false),
    trueNegative: count(0, false),
  };
};

const calibrationOf = (judged: readonly Judged[]): Metrics['calibration'] => {
  const binOf = ({ probability }: Judged) =>
    Math.min(Math.floor(probability * CALIBRATION_BINS), CALIBRATION_BINS - 1);
  return Array.from({ length: CALIBRATION_BINS }, (_, bin) => {
    const rows = judged.filter((row) => binOf(row) === bin);
    const share = (of: (row: Judged) => number) =>
      rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return {
      from: bin / CALIBRATION_BINS,
      rows: rows.length,
      meanProbability: share(({ probability }) => probability),
      abnormalShare: share(({ label }) => label),
    };
  });
};
