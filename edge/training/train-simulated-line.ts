import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readModel } from '../model/formats/read-model.ts';
import { writeJson } from '../model/formats/write-json.ts';
import { score } from '../model/predict/score.ts';
import { createLine } from '../simulator/line.ts';
import { boost, keepRounds, type LabelledRow, lossByRounds } from './boost.ts';
import { type Metrics, measure } from './metrics.ts';
import { DEFAULT_TRAINING } from './train-model.ts';

/** Where a fault has grown this far a sample counts as abnormal; below, until it is gone, it is left out as neither. */
const ABNORMAL_SEVERITY = 0.3;

const CYLINDERS = 6;
const HOURS_MS = 3 * 3_600_000;
// Neighbouring seconds are nearly the same sample; an odd step meets all phases of the duty cycle.
const STEP_MS = 17_000;
const START_MS = Date.UTC(2026, 0, 5, 6);

/** Labelled rows of several simulated lines, three hours of each, thinned. */
const simulatedRows = (seeds: readonly number[]): readonly LabelledRow[] => {
  const rows: LabelledRow[] = [];
  for (const seed of seeds) {
    const line = createLine({ cylinders: CYLINDERS, seed, startMs: START_MS });
    for (let t = START_MS; t < START_MS + HOURS_MS; t += STEP_MS)
      for (const { values, label } of line.at(t))
        if (label.severity === 0 || label.severity >= ABNORMAL_SEVERITY)
          rows.push({ values, label: label.severity === 0 ? 0 : 1 });
  }
  return rows;
};

const TRAINING_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STOPPING_SEEDS = [101, 102];
const TEST_SEEDS = [201, 202, 203];
const MAX_ROUNDS = 60;
const POSITIVE_WEIGHT = 1;
const SETTINGS = {
  ...DEFAULT_TRAINING,
  rounds: MAX_ROUNDS,
  depth: 4,
  learningRate: 0.2,
  recordingShare: 1,
  rowShare: 1,
  sensorShare: 1,
  minChildWeight: 5,
};
const THRESHOLD = 0.5;

const target = new URL('../model/simulated-line.json', import.meta.url);
const card = new URL('../model/simulated-line.md', import.meta.url);

const training = simulatedRows(TRAINING_SEEDS);
const stopping = simulatedRows(STOPPING_SEEDS);
const test = simulatedRows(TEST_SEEDS);
const record = boost(training, SETTINGS, POSITIVE_WEIGHT);
const losses = lossByRounds(record, stopping, POSITIVE_WEIGHT);
const rounds = losses.indexOf(Math.min(...losses)) + 1;
const text = `${writeJson(keepRounds(record, rounds))}\n`;
const loaded = readModel(Buffer.from(text), 'simulated-line.json');
if (!loaded.ok) throw new Error(loaded.error.message);
const { model } = loaded;
const metrics = measure(
  test.map(({ values, label }) => ({ probability: score(model, values).probability, label })),
  THRESHOLD,
);
await writeFile(target, text);

const provenance = ({ rows, positives, auc, averagePrecision, logLoss, confusion }: Metrics): string => {
  const { truePositive, falsePositive, falseNegative, trueNegative } = confusion;
  return `# The model of the simulated line

\`simulated-line.json\` scores the cylinders of \`edge/simulator/\` when no other model is given. It knows nothing of a
real machine.

Made by \`npm run train:simulated-line\` (\`edge/training/train-simulated-line.ts\`); the same command gives the same
file, byte for byte.

| | |
|---|---|
| rows | ${training.length} of ${TRAINING_SEEDS.length} lines, seeds ${TRAINING_SEEDS.join(', ')}; three hours of six cylinders each, every 17th second |
| label | abnormal from fault severity ${ABNORMAL_SEVERITY} on; rows with a weaker fault are left out |
| settings | depth ${SETTINGS.depth}, learning rate ${SETTINGS.learningRate}, at most ${MAX_ROUNDS} rounds |
| rounds kept | ${rounds}, the least log loss on ${stopping.length} rows of seeds ${STOPPING_SEEDS.join(', ')} |
| size | ${text.length} bytes, standard XGBoost JSON |

On ${rows} rows of seeds ${TEST_SEEDS.join(', ')}, ${positives} of them abnormal:

| AUC | average precision | log loss | at ${THRESHOLD}: found | missed | false | right and normal |
|---|---|---|---|---|---|---|
| ${auc.toFixed(4)} | ${averagePrecision.toFixed(4)} | ${logLoss.toFixed(4)} | ${truePositive} | ${falseNegative} | ${falsePositive} | ${trueNegative} |
`;
};
await writeFile(card, provenance(metrics));
process.stdout.write(`${fileURLToPath(target)}: ${rounds} trees, AUC ${metrics.auc.toFixed(4)}\n`);
