import { access, constants, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Command, Option } from 'commander';
import { crossTrain } from '../backtest/tune/try-policy.ts';
import { type Tuning, tune } from '../backtest/tune/tune.ts';
import { tuningHtml, tuningJson, tuningLines } from '../backtest/tune/tune-report.ts';
import { type PolicyBook, readPolicyBook } from '../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../domain/alarm/policy/read-policy.ts';
import { policyAtPeriod } from '../domain/alarm/policy/sampling-fit.ts';
import { type Fields, isFields } from '../domain/fields.ts';
import { paintFor } from '../local/console/screen.ts';
import { checksum } from './options/checksum.ts';
import { faultsOption, labelsOption, mapOption, readMapFile } from './options/map-file.ts';
import { treesOption } from './options/open-model.ts';
import { duration, isDecimal } from './options/option-value.ts';
import { DEFAULT_POLICY_NAME, readJsonFile } from './options/policy-file.ts';
import { type TrainingOptions, trainingSettings, withTrainingOptions } from './options/training-options.ts';
import { createProgressLine, say, writeLine } from './terminal/output.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';
import { type RecordingChoice, readRecordings } from './tune/read-recordings.ts';

type Options = TrainingOptions &
  RecordingChoice &
  Readonly<{
    policy?: string;
    maxFalsePerDay: number;
    maxDelay?: number;
    early?: number;
    out?: string;
    html?: string;
    json?: boolean;
  }>;

const perDay = (text: string): number => {
  if (isDecimal(text)) return Number(text);
  throw new UsageError(`--max-false-per-day ${text}: write a number, as 1 or 0.2`);
};

/** The fields of the policy in force; one with patterns is tuned cylinder by cylinder, not at once. */
const presentPolicy = async (file: string | undefined): Promise<Fields> => {
  if (file === undefined) return {};
  const value = await readJsonFile(file);
  const reading = readPolicyBook(value);
  if (!reading.ok) throw new UsageError(`${file}: ${faultsText(reading.faults)}`);
  if (!isFields(value)) throw new UsageError(`${file}: no policy`);
  if (isFields(value.cylinders) && Object.keys(value.cylinders).length > 0)
    throw new UsageError(
      `${file} has policies of its own for some cylinders: give the recordings and the policy of one kind of cylinder`,
    );
  if (!('default' in value || 'cylinders' in value)) return value;
  return isFields(value.default) ? value.default : {};
};

const bookOf = (fields: Fields): PolicyBook => {
  const reading = readPolicyBook({ default: fields });
  if (reading.ok) return reading.book;
  throw new UsageError(faultsText(reading.faults));
};

/** The fields of a policy with slots as long as the period that a map states, as the other commands take it. */
const fieldsAtPeriod = (fields: Fields, periodMs: number | undefined): Fields => {
  if (periodMs === undefined) return fields;
  const { samplePeriodMs, latenessMs, windowMs, staleAfterMs, offlineAfterMs } = policyAtPeriod(
    bookOf(fields).default,
    periodMs,
  );
  return { ...fields, samplePeriodMs, latenessMs, windowMs, staleAfterMs, offlineAfterMs };
};

/** A file by its checksum; a folder has none. */
const sourceOf = async (path: string): Promise<readonly [name: string, sum: string]> => [
  basename(path),
  (await stat(path)).isDirectory() ? 'a folder' : `sha256:${await checksum(path)}`,
];

const provenanceOf = async (tuning: Tuning, options: Options): Promise<Fields> => ({
  by: 'sentinel tune',
  basedOn: options.policy ?? DEFAULT_POLICY_NAME,
  model: options.crossTrain === true ? 'cross-trained' : (options.model ?? 'the stored probabilities'),
  recordings: Object.fromEntries(await Promise.all(options.input.map(sourceOf))),
  ...(options.labels === undefined ? {} : { labels: options.labels }),
  result: tuningJson(tuning),
});

/** A search takes a while: that its result cannot be written is said before it. */
const checkWritable = async (file: string): Promise<void> => {
  const place = await access(file).then(
    () => file,
    () => dirname(file),
  );
  await access(place, constants.W_OK).catch(cannotWrite(file));
};

const writeTo = (file: string, text: string): Promise<void> => writeFile(file, text).catch(cannotWrite(file));

const run = async (options: Options): Promise<void> => {
  const { model, crossTrain: isCross } = options;
  if (model !== undefined && isCross === true)
    throw new UsageError('--cross-train trains models of its own: leave out --model');
  for (const file of [options.out, options.html]) if (file !== undefined) await checkWritable(file);
  const mapping = await readMapFile(options.map);
  const fields = fieldsAtPeriod(await presentPolicy(options.policy), mapping?.periodMs);
  const book = bookOf(fields);
  const policy = book.default;
  const progress = createProgressLine(process.stderr);
  const read = await readRecordings(options, book, progress.show);
  if (isCross === true && read.length < 2)
    throw new UsageError(
      '--cross-train needs two recordings or more: each is scored by a model of the others',
    );
  const scored =
    isCross === true
      ? await crossTrain(read, trainingSettings(options, policy.threshold), progress.show)
      : { ok: true as const, recordings: read };
  if (!scored.ok) throw new UsageError(scored.message);
  const tuning = await tune(scored.recordings, {
    present: { policy, fields, book },
    limits: { maxFalsePerDay: options.maxFalsePerDay, maxDelayMs: options.maxDelay ?? null },
    earlyMs: options.early ?? policy.windowMs + policy.latenessMs,
    onProgress: progress.show,
  });
  progress.end();
  if (options.json === true) writeLine(JSON.stringify(tuningJson(tuning), null, 2));
  else for (const line of tuningLines(tuning, paintFor(process.stdout))) writeLine(line);
  if (options.html !== undefined) {
    await writeTo(options.html, tuningHtml(tuning));
    say(`report: ${options.html}`);
  }
  if (options.out === undefined) return;
  const provenance = await provenanceOf(tuning, options);
  const file = { provenance, default: tuning.choice.tried.candidate.fields };
  await writeTo(options.out, `${JSON.stringify(file, null, 2)}\n`);
  say(`policy: ${options.out}`);
};

/** `sentinel tune`: the policy that fits one's own labelled recordings, and how far to trust it. */
export const tuneCommand = (): Command =>
  withTrainingOptions(new Command('tune'))
    .description(
      'search the policy that detects most of the labelled episodes within a limit of false alarms',
    )
    .requiredOption(
      '--input <path...>',
      'labelled CSV recordings, one for each experiment, day or machine; or what a pipeline stored, labelled by what people found: its data folder, a telemetry.duckdb, or an export',
    )
    .option('--model <path>', 'the XGBoost model that scores the recordings')
    .addOption(treesOption())
    .addOption(mapOption())
    .addOption(labelsOption())
    .addOption(faultsOption())
    .addOption(
      new Option('--margin <duration>', 'of stored incidents, what is left out on either side')
        .argParser(duration)
        .default(120_000, '2m'),
    )
    .addOption(
      new Option(
        '--cross-train',
        'score each recording by a model trained on the others, as no model saw what it is tried on',
      ),
    )
    .option(
      '--policy <file>',
      'the policy in force, whose other fields are kept (default: the built-in policy)',
    )
    .option('--max-false-per-day <number>', 'the most false alarms a day of sound time', perDay, 1)
    .option(
      '--max-delay <duration>',
      'the longest median delay from the begin of an episode to the alarm',
      duration,
    )
    .option(
      '--early <duration>',
      'an alarm raised so long before an episode detects it early (default: one window and the lateness of --policy)',
      duration,
    )
    .option('--out <file>', 'write the policy, with where it comes from')
    .option('--html <file>', 'write a report, in one file')
    .option('--json', 'print the result as one JSON document')
    .action(run);
