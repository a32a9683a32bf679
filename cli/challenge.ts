import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import {
  type ChallengeReport,
  challengeLines,
  challengeReport,
} from '../backtest/challenge/challenge-report.ts';
import { withFaults } from '../backtest/challenge/evidence.ts';
import { readOutcomes } from '../backtest/challenge/read-outcomes.ts';
import { type Trial, tryChallenger } from '../backtest/challenge/try-challenger.ts';
import { isTelemetryStore, openRecording } from '../backtest/recordings/open-recording.ts';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { TreeChoice } from '../edge/model/model.ts';
import { filesIn } from '../local/run/data-folder.ts';
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

type Options = Readonly<{
  data: string;
  input?: string;
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

const noTrial = ({ champions }: Trial, file: string): UsageError =>
  new UsageError(
    `${file} holds no sample that a model on trial has scored${champions.length === 0 ? '' : ' by that name'}: give the gateway ` +
      'one, as sentinel edge --challenger new.json does, or name it here to have the stored samples scored by it now: --challenger new.json',
  );

const tryIn = async (
  file: string,
  options: Options,
  policies: Readonly<{ champion: PolicyBook; challenger: PolicyBook }>,
): Promise<Trial> => {
  const mapping = await readMapFile(options.map);
  const map = await tableMapFor(mapping, options.labels);
  const champion = options.model === undefined ? null : await openScorer(options.model, options.trees);
  const scorer = options.challenger === undefined ? null : await openScorer(options.challenger);
  const progress = createProgressLine(process.stderr);
  const opened = await openRecording(
    file,
    champion,
    (rows) => progress.show(`reading ${file}: ${rows} rows`),
    map,
  );
  if (!opened.ok) throw new UsageError(opened.message);
  const { recording } = opened;
  try {
    return await tryChallenger(recording, {
      policies,
      scorer,
      wanted: options.which ?? null,
      onProgress: (samples) =>
        progress.show(`trying both on ${file}: ${Math.floor((100 * samples) / recording.samples)} %`),
    });
  } finally {
    recording.close();
    progress.end();
  }
};

/** The report as one JSON document, which `sentinel model promote` takes. */
const documentOf = async (
  file: string,
  report: ChallengeReport,
  { policy, against, labels, faults }: Options,
) => ({
  v: 1,
  by: 'sentinel challenge report',
  data: {
    file,
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
  const file = options.input ?? filesIn(options.data).telemetry;
  const mapping = await readMapFile(options.map);
  const champion = await readPolicyFor(options.policy, mapping);
  const challenger = options.against === undefined ? champion : await readPolicyFor(options.against, mapping);
  const trial = await tryIn(file, options, { champion, challenger });
  if (trial.samples === 0) throw noTrial(trial, file);
  const isStore = await isTelemetryStore(file);
  if (options.faults !== undefined && !isStore)
    throw new UsageError('--faults goes with what a pipeline stored: a recording takes --labels');
  const noted = await readFaultsFile(options.faults);
  const known = isStore ? withFaults(await readOutcomes(file), noted) : [];
  const demands = { minScoredMs: options.min, laterMs: champion.default.windowMs };
  const result = challengeReport(trial, known, demands);
  const document = `${JSON.stringify(await documentOf(file, result, options), null, 2)}\n`;
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
  command
    .command('report')
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
