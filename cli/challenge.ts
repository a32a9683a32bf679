import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import {
  type ChallengeReport,
  challengeLines,
  challengeReport,
} from '../backtest/challenge/challenge-report.ts';
import { type Trial, tryChallenger } from '../backtest/challenge/try-challenger.ts';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { TreeChoice } from '../edge/model/model.ts';
import { type OpenedTrial, openTrial, type TrialSource } from './challenge/open-trial.ts';
import { withStoredOptions } from './labels/stored-options.ts';
import { checksum } from './options/checksum.ts';
import {
  faultsOption,
  labelsOption,
  mapOption,
  readFaultsFile,
  readMapFile,
  readPolicyFor,
  tableMapFor,
} from './options/map-file.ts';
import { openScorer, treesOption } from './options/open-model.ts';
import { duration } from './options/option-value.ts';
import { DEFAULT_POLICY_NAME } from './options/policy-file.ts';
import { createProgressLine, say, writeLine } from './terminal/output.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

type Options = Omit<TrialSource, 'champion' | 'isTried' | 'map' | 'faults' | 'onRead'> &
  Readonly<{
    model?: string;
    challenger?: string;
    trees?: TreeChoice;
    which?: string;
    map?: string;
    labels?: string;
    faults?: string;
    policy?: string;
    against?: string;
    min: number;
    out?: string;
    json?: boolean;
  }>;

/** A policy by its file and what is in it. */
const policySource = async (file: string | undefined): Promise<string> =>
  file === undefined ? DEFAULT_POLICY_NAME : `${file} sha256:${await checksum(file)}`;

const noTrial = (place: string, which: string | undefined): UsageError =>
  new UsageError(
    `${place} holds no sample of the time and cylinder meant that a model on trial${which === undefined ? '' : ` with ${which} in its name`} has scored: give the gateway ` +
      'one, as sentinel edge --challenger new.json does, or name it here to have the stored samples scored by it now: --challenger new.json',
  );

const open = async (options: Options, onRead: (rows: number) => void): Promise<OpenedTrial> => {
  if (options.aws === true && options.labels !== undefined)
    throw new UsageError(
      '--labels goes with a recording: of a stack, what people found and --faults are the truth',
    );
  const { map: mapFile, faults: faultsFile, ...source } = options;
  const mapping = await readMapFile(mapFile);
  const map = await tableMapFor(mapping, options.labels);
  return await openTrial({
    ...source,
    champion: options.model === undefined ? null : await openScorer(options.model, options.trees),
    isTried: options.challenger === undefined,
    ...(map === undefined ? {} : { map }),
    faults: await readFaultsFile(faultsFile),
    onRead,
  });
};

const tryIn = async (
  options: Options,
  policies: Readonly<{ champion: PolicyBook; challenger: PolicyBook }>,
): Promise<Readonly<{ trial: Trial; opened: OpenedTrial }>> => {
  const scorer = options.challenger === undefined ? null : await openScorer(options.challenger);
  const progress = createProgressLine(process.stderr);
  const opened = await open(options, (rows) => progress.show(`reading: ${rows} rows`));
  try {
    const trial = await tryChallenger(opened, {
      policies,
      scorer,
      wanted: options.which ?? null,
      onProgress: (samples) => progress.show(`trying both on ${opened.place}: ${samples} samples`),
    });
    return { trial, opened };
  } finally {
    opened.close();
    progress.end();
  }
};

/** The report as one JSON document, which `sentinel model promote` takes. */
const documentOf = async (
  place: string,
  report: ChallengeReport,
  { policy, against, labels, faults }: Options,
) => ({
  v: 1,
  by: 'sentinel challenge report',
  data: {
    file: place,
    samples: report.trial.samples,
    ...(labels === undefined ? {} : { labels }),
    ...(faults === undefined ? {} : { faults: `${faults} sha256:${await checksum(faults)}` }),
  },
  policy: {
    champion: await policySource(policy),
    challenger: await policySource(against ?? policy),
  },
  ...report,
});

const report = async (options: Options): Promise<void> => {
  const mapping = await readMapFile(options.map);
  const champion = await readPolicyFor(options.policy, mapping);
  const challenger = options.against === undefined ? champion : await readPolicyFor(options.against, mapping);
  const { trial, opened } = await tryIn(options, { champion, challenger });
  const { place, known } = opened;
  if (trial.samples === 0) throw noTrial(place, options.which);
  const demands = { minScoredMs: options.min, laterMs: champion.default.windowMs };
  const result = challengeReport(trial, known, demands);
  const document = `${JSON.stringify(await documentOf(place, result, options), null, 2)}\n`;
  if (options.out !== undefined) {
    const { out } = options;
    await writeFile(out, document).catch(cannotWrite(out));
    say(`report: ${out}`);
  }
  if (options.json === true) writeLine(document.trimEnd());
  else for (const line of challengeLines(result)) writeLine(line);
};

/** `sentinel challenge report`: a model on trial beside the one that decides. */
export const challengeCommand = (): Command => {
  const command = new Command('challenge').description('hold a model on trial against the one that decides');
  withStoredOptions(command.command('report'))
    .description(
      'replay what is stored through the alarm twice, by the champion and by the challenger: incidents, delay, false alarms',
    )
    .option('--data <folder>', 'the data folder of a pipeline that is not running', 'sentinel-data')
    .option(
      '--input <file>',
      'a telemetry.duckdb, or a recording with --model and --challenger, in its place',
    )
    .option('--model <path>', 'the champion, for a recording or to score stored samples anew')
    .addOption(treesOption())
    .option(
      '--challenger <path>',
      'the challenger scores now (default: what it said at the gateway, as stored)',
    )
    .option('--which <text>', 'where several were on trial: a part of the name or version of the one meant')
    .addOption(mapOption())
    .addOption(labelsOption())
    .addOption(faultsOption())
    .option('--policy <file>', 'the policy in force (default: the built-in policy)')
    .option('--against <file>', 'the policy that would come with the challenger (default: the same)')
    .option(
      '--min <duration>',
      'how long both must have scored, all cylinders together',
      duration,
      24 * 3_600_000,
    )
    .option('--out <file>', 'write the report as JSON, for sentinel model promote')
    .option('--json', 'print the report as one JSON document')
    .action(report);
  return command;
};
