import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Backtest, backtestFiles, type NamedPolicy } from '../backtest/backtest.ts';
import { failedGates, type MinDetected, readMinDetected } from '../backtest/evaluation/score-card.ts';
import { forecastText, scoreForecasts } from '../backtest/forecast/score-forecasts.ts';
import { openRecording } from '../backtest/recordings/open-recording.ts';
import { reportHtml } from '../backtest/report/report-html.ts';
import { reportJson } from '../backtest/report/report-json.ts';
import { reportLines } from '../backtest/report/report-text.ts';
import type { TreeChoice } from '../edge/model/model.ts';
import { paintFor } from '../local/console/screen.ts';
import { labelsOption, mapOption, readMapFile, readPolicyFor, tableMapFor } from './options/map-file.ts';
import { openScorer, treesOption } from './options/open-model.ts';
import { duration, isDecimal } from './options/option-value.ts';
import { DEFAULT_POLICY_NAME } from './options/policy-file.ts';
import { createProgressLine, say, writeLine } from './terminal/output.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

type Options = Readonly<{
  input: readonly string[];
  model?: string;
  trees?: TreeChoice;
  map?: string;
  labels?: string;
  policy?: string;
  against?: string;
  html?: string;
  json?: boolean;
  maxFalsePerHour?: number;
  minDetected?: MinDetected;
  early?: number;
  forecasts?: boolean;
}>;

const EXIT_GATE = 1;
const EXIT_MISUSE = 2;

const rate = (text: string): number => {
  if (isDecimal(text)) return Number(text);
  throw new UsageError(`--max-false-per-hour ${text}: write a number, as 0.5`);
};

const minDetected = (text: string): MinDetected => {
  const read = readMinDetected(text);
  if (read !== null) return read;
  throw new UsageError(`--min-detected ${text}: write a count, as 17, or a share, as 0.9 or 90%`);
};

const readPolicies = async ({ policy, against, map }: Options): Promise<readonly NamedPolicy[]> => {
  const mapping = await readMapFile(map);
  const named = async (file: string | undefined): Promise<NamedPolicy> => ({
    name: file ?? DEFAULT_POLICY_NAME,
    book: await readPolicyFor(file, mapping),
  });
  return against === undefined ? [await named(policy)] : [await named(policy), await named(against)];
};

const run = async (options: Options): Promise<Backtest> => {
  const policies = await readPolicies(options);
  const mapping = await readMapFile(options.map);
  const progress = createProgressLine(process.stderr);
  const tested = await backtestFiles(options.input, policies, {
    scorer: options.model === undefined ? null : await openScorer(options.model, options.trees),
    earlyMs: options.early ?? null,
    map: await tableMapFor(mapping, options.labels),
    onProgress: progress.show,
  });
  if (!tested.ok) throw new UsageError(tested.message);
  progress.end();
  return tested.backtest;
};

const checkGates = (backtest: Backtest, { maxFalsePerHour, minDetected }: Options): readonly string[] => {
  if (maxFalsePerHour === undefined && minDetected === undefined) return [];
  const card = backtest.all[0];
  if (card === undefined || !backtest.recordings.some(({ facts }) => facts.isLabelled)) {
    throw new UsageError('a gate needs a recording with labels: a CSV with a column anomaly of 0 and 1');
  }
  return failedGates(card, { maxFalsePerHour: maxFalsePerHour ?? null, minDetected: minDetected ?? null });
};

/** What was foretold in each recording, under the policy under test, beside what came. */
const sayForecasts = async (options: Options): Promise<void> => {
  const [policy] = await readPolicies(options);
  const scorer = options.model === undefined ? null : await openScorer(options.model, options.trees);
  const map = await tableMapFor(await readMapFile(options.map), options.labels);
  if (policy === undefined) return;
  for (const file of options.input) {
    const opened = await openRecording(file, scorer, () => undefined, map);
    if (!opened.ok) throw new UsageError(opened.message);
    say(`${file}: ${forecastText(await scoreForecasts(opened.recording, policy.book))}`);
    opened.recording.close();
  }
};

const backtest = async (options: Options): Promise<void> => {
  const tested = await run(options);
  const failed = checkGates(tested, options);
  if (options.html !== undefined) {
    const { html } = options;
    await writeFile(html, reportHtml(tested)).catch(cannotWrite(html));
    say(`report: ${html}`);
  }
  if (options.json === true) writeLine(JSON.stringify(reportJson(tested, failed), null, 2));
  else for (const line of reportLines(tested, paintFor(process.stdout))) writeLine(line);
  if (options.forecasts === true) await sayForecasts(options);
  for (const line of failed) say(`sentinel: gate failed: ${line}`);
  if (failed.length > 0) process.exitCode = EXIT_GATE;
};

/** `sentinel backtest`: what a policy would have made of recordings, held against their labels. */
export const backtestCommand = (): Command =>
  new Command('backtest')
    .description('run a policy over recordings: incidents, detection delay, false alarms per hour')
    .requiredOption(
      '--input <file...>',
      'a recording (CSV or Parquet) or the telemetry.duckdb of a pipeline that is not running; as many as you like',
    )
    .option(
      '--model <path>',
      'the XGBoost model that scores CSV recordings, and stored samples anew (default: the probabilities stored)',
    )
    .addOption(treesOption())
    .addOption(mapOption())
    .addOption(labelsOption())
    .option('--policy <file>', 'the policy under test (default: the built-in policy)')
    .option('--against <file>', 'a second policy to hold it against')
    .option(
      '--early <duration>',
      'an alarm raised so long before a labelled episode detects it early (default: one window and the lateness)',
      duration,
    )
    .option('--forecasts', 'say too how what was foretold of severities came true')
    .option('--html <file>', 'write a report with timelines, in one file')
    .option('--json', 'print the report as one JSON document')
    .option('--max-false-per-hour <number>', 'exit 1 if --policy gives more false alarms an hour', rate)
    .option(
      '--min-detected <number>',
      'exit 1 if --policy detects fewer episodes: a count (17) or a share (0.9, 90%)',
      minDetected,
    )
    // In CI a wrong option must not look like a gate that was not met.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_MISUSE))
    .action(backtest);
