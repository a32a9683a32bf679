import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { openTable } from '../backtest/recordings/open-table.ts';
import { thinFault } from '../backtest/sampling-warnings.ts';
import { writeJson } from '../edge/model/formats/write-json.ts';
import { withDateOrder } from '../edge/recordings/clock-reader.ts';
import { fileFault } from '../edge/recordings/recording.ts';
import { TableError } from '../edge/recordings/table.ts';
import type { LabelledRow } from '../edge/training/boost.ts';
import { labelledRows } from '../edge/training/labelled-rows.ts';
import { SPLIT_NAMES, SPLIT_WORTH } from '../edge/training/split-rows.ts';
import { type TrainedModel, trainModel } from '../edge/training/train-model.ts';
import { modelCard, modelCardPage, type TrainingData } from '../edge/training/trained-card.ts';
import { checksum } from './options/checksum.ts';
import { labelsOption, mapOption, readMapFile, readPolicyFor, tableMapFor } from './options/map-file.ts';
import {
  calibrationKind,
  share,
  type TrainingOptions,
  trainingSettings,
  withTrainingOptions,
} from './options/training-options.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

type Options = TrainingOptions &
  Readonly<{
    input: readonly string[];
    out: string;
    label?: string;
    time?: string;
    policy?: string;
    map?: string;
    labels?: string;
    threshold: number;
  }>;

/** `sentinel train`: a model from a labelled recording, with its card beside it. */
export const trainCommand = (): Command =>
  withTrainingOptions(new Command('train'))
    .description('train a model on a labelled CSV recording; writes it as XGBoost JSON, with a model card')
    .requiredOption(
      '--input <files...>',
      'CSV tables with the six sensors and a label, in order of time: one for each recording',
    )
    .requiredOption('--out <file>', 'where to write the model; its card goes beside it')
    .option(
      '--label <column>',
      'the column that says 1 for abnormal and 0 for normal (otherwise: label or anomaly)',
    )
    .option('--time <column>', 'sort the rows by this column first')
    .option(
      '--policy <file>',
      'the policy that will judge what the model says: rows must be as dense as it asks',
    )
    .addOption(mapOption())
    .addOption(labelsOption())
    .option('--threshold <share>', 'the probability that counts as abnormal in the metrics', share, 0.5)
    .option('--calibration <kind>', 'what the card holds to calibrate by: platt or isotonic', calibrationKind)
    .action(train);

const train = async ({
  input,
  out,
  label,
  time,
  policy,
  map,
  labels,
  ...settings
}: Options): Promise<void> => {
  const read: (readonly LabelledRow[])[] = [];
  const remarks: string[] = [];
  const data: TrainingData[] = [];
  const mapping = await readMapFile(map);
  const policies = await readPolicyFor(policy, mapping);
  const tableMap = await tableMapFor(mapping, labels);
  for (const file of input) {
    const refused = (cause: unknown): never => {
      throw new UsageError(fileFault(file, cause), { cause });
    };
    const open = () => openTable(file, tableMap);
    const its = await withDateOrder(open, {
      ...tableMap,
      ...(time === undefined ? {} : { time: [time] }),
    }).catch(refused);
    const table = await open().catch(refused);
    const labelled = await labelledRows(table, {
      label: label ?? null,
      time: time ?? null,
      map: its,
      recording: file,
    });
    if (!labelled.ok) throw new UsageError(fileFault(file, new TableError(labelled.message)));
    const thin = thinFault(file, labelled.spacings, policies.of);
    if (thin !== null) throw new UsageError(thin);
    for (const remark of labelled.remarks) remarks.push(`${file}, ${remark}`);
    const positives = labelled.rows.reduce((sum, row) => sum + row.label, 0);
    data.push({ file: basename(file), sha256: await checksum(file), rows: labelled.rows.length, positives });
    read.push(labelled.rows);
  }
  const [first = []] = read;
  const result = trainModel(
    read.length === 1 ? first : read.flat(),
    trainingSettings(settings, settings.threshold),
  );
  if (!result.ok) throw new UsageError(`${input.join(', ')}: ${result.message}`);
  const { trained } = result;
  await write(out, trained, data, remarks).catch(cannotWrite(out));
  for (const sensor of trained.emptySensors)
    remarks.push(`${sensor} has no value in any row: the model knows nothing of it`);
  for (const remark of remarks) process.stderr.write(`${remark}\n`);
  process.stdout.write(summary(out, trained));
};

const summary = (out: string, { roundsKept, depth, metrics, split, parts }: TrainedModel): string => {
  const area = Number.isFinite(metrics.auc)
    ? `AUC ${metrics.auc.toFixed(4)}`
    : 'no AUC: one kind of rows only';
  return (
    `${out}: ${roundsKept} rounds of depth ${depth} trained on ${parts.training.rows} rows, ${area} on ${metrics.rows} rows\n` +
    `Split: ${SPLIT_NAMES[split]}. ${SPLIT_WORTH[split]}\n`
  );
};

const write = async (
  out: string,
  trained: TrainedModel,
  data: readonly TrainingData[],
  remarks: readonly string[],
): Promise<void> => {
  const card = out.replace(/\.json$/, '');
  await writeFile(out, `${writeJson(trained.record)}\n`);
  await writeFile(`${card}.card.json`, `${JSON.stringify(modelCard(trained, data, remarks), null, 2)}\n`);
  await writeFile(`${card}.card.md`, modelCardPage(`Model card: ${basename(out)}`, trained, data, remarks));
};
