import { basename } from 'node:path';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { TableMap } from '../edge/recordings/table.ts';
import type { Alarm } from './evaluation/detection.ts';
import { type Difference, differenceOf } from './evaluation/difference.ts';
import { type Judgement, type ScoreCard, scoreCard } from './evaluation/score-card.ts';
import { alarmsIn, judgeOutcome, type PolicyOutcome } from './outcome-log.ts';
import { createPolicyRun } from './policy-run.ts';
import { openRecording } from './recordings/open-recording.ts';
import type { Scorer } from './recordings/packed-samples.ts';
import { countByType, createFacts, type Facts, type Recording } from './recordings/recording.ts';
import { samplingWarnings, thinFault } from './sampling-warnings.ts';

/** A policy under test: what the person called it, and its rules. */
export type NamedPolicy = Readonly<{ name: string; book: PolicyBook }>;

/** One policy on one recording, held against the labels where there are any. */
export type Result = Readonly<{
  outcome: PolicyOutcome;
  alarms: readonly Alarm[];
  /** Notices by type. */
  notices: Readonly<Record<string, number>>;
  judgement: Judgement;
  score: ScoreCard;
}>;

export type RecordingReport = Readonly<{
  file: string;
  /** What a report calls it: the file's name, or the whole path where two files have the same name. */
  name: string;
  facts: Facts;
  /** One for each policy, in their order. */
  results: readonly Result[];
  /** How the second policy differs from the first; null where there is one only. */
  difference: Difference | null;
}>;

export type Backtest = Readonly<{
  policies: readonly NamedPolicy[];
  recordings: readonly RecordingReport[];
  /** Each policy over all recordings together. */
  all: readonly ScoreCard[];
  /** What does not fit between policies and recordings: how cylinders are sampled, patterns that hold for none. */
  warnings: readonly string[];
}>;

/** How finely probabilities are kept for a chart: five and a half hours by the second, longer recordings more coarsely. */
const TRACE_BUCKETS = 20_000;

/** Holds what a policy made of a recording against its labels; `earlyMs` as in `judgeOutcome`. */
export const resultOf = (outcome: PolicyOutcome, earlyMs: number | null): Result => {
  const judgement = judgeOutcome(outcome, earlyMs);
  return {
    outcome,
    alarms: alarmsIn(outcome),
    notices: countByType(outcome.notices.map(({ output }) => output.type)),
    judgement,
    score: scoreCard([judgement]),
  };
};

const differenceBetween = ([first, second]: readonly Result[]): Difference | null => {
  if (first === undefined || second === undefined) return null;
  const comparable = ({ outcome, judgement, notices }: Result) => ({
    incidents: outcome.incidents,
    detections: judgement.detections,
    notices,
  });
  return differenceOf(comparable(first), comparable(second));
};

export type BacktestOptions = Readonly<{
  /** How finely a cylinder's probabilities are kept for the chart. */
  traceBuckets: number;
  /** How long before an episode an alarm is early and not false, ms; null for one window and the lateness of its policy. */
  earlyMs?: number | null;
  onProgress: (samples: number) => void;
}>;

/** Runs all policies over one recording at once, in one pass, and holds what they make of it against its labels. */
export const backtestRecording = async (
  recording: Recording,
  policies: readonly NamedPolicy[],
  { traceBuckets, earlyMs = null, onProgress }: BacktestOptions,
): Promise<RecordingReport> => {
  const runs = policies.map(({ book }) => createPolicyRun(book));
  const facts = createFacts(traceBuckets, policies[0]?.book.default.samplePeriodMs ?? 1000);
  let samples = 0;
  for await (const batch of recording.messages()) {
    for (const message of batch) {
      facts.take(message);
      for (const run of runs) run.receive(message);
      samples += message.samples.length;
    }
    onProgress(samples);
  }
  const results = runs.map((run) => resultOf(run.end(), earlyMs));
  const { file } = recording;
  return { file, name: basename(file), facts: facts.read(), results, difference: differenceBetween(results) };
};

const warningsOf = (
  policies: readonly NamedPolicy[],
  recordings: readonly RecordingReport[],
): readonly string[] => {
  const cylinders = recordings.flatMap(({ facts }) => [...facts.spacings.keys()]);
  const each = policies.flatMap(({ name, book }) => [
    ...book
      .unusedPatterns(cylinders)
      .map((pattern) => `${name}: the pattern ${pattern} holds for no cylinder that was recorded`),
    ...recordings.flatMap(({ facts }) => samplingWarnings(facts.spacings, book.of)),
  ]);
  return [...new Set(each)];
};

/** Sums up what the policies made of all recordings. */
export const sumUp = (
  policies: readonly NamedPolicy[],
  recordings: readonly RecordingReport[],
): Backtest => ({
  policies,
  recordings: recordings.map((report) => {
    const isUnique = recordings.filter(({ name }) => name === report.name).length === 1;
    return isUnique ? report : { ...report, name: report.file };
  }),
  all: policies.map((_, index) =>
    scoreCard(recordings.flatMap(({ results }) => results[index]?.judgement ?? [])),
  ),
  warnings: warningsOf(policies, recordings),
});

type FilesOptions = Readonly<{
  scorer: Scorer | null;
  earlyMs: number | null;
  onProgress: (text: string) => void;
  map?: TableMap | undefined;
}>;

/** Runs all policies over recordings in files, one after the other; a CSV needs a scorer. Fails with what is wrong with a file. */
export const backtestFiles = async (
  files: readonly string[],
  policies: readonly NamedPolicy[],
  { scorer, earlyMs, onProgress, map }: FilesOptions,
): Promise<Readonly<{ ok: true; backtest: Backtest }> | Readonly<{ ok: false; message: string }>> => {
  const reports: RecordingReport[] = [];
  for (const file of files) {
    const opened = await openRecording(
      file,
      scorer,
      (rows) => onProgress(`reading ${file}: ${rows} rows`),
      map,
    );
    if (!opened.ok) return opened;
    const { recording } = opened;
    const percent = (samples: number): number => Math.floor((100 * samples) / recording.samples);
    try {
      const options: BacktestOptions = {
        traceBuckets: TRACE_BUCKETS,
        earlyMs,
        onProgress: (samples) => onProgress(`running ${file}: ${percent(samples)} %`),
      };
      const report = await backtestRecording(recording, policies, options);
      for (const { book } of policies) {
        const message = thinFault(file, report.facts.spacings, book.of);
        if (message !== null) return { ok: false, message };
      }
      reports.push(report);
    } finally {
      recording.close();
    }
  }
  return { ok: true, backtest: sumUp(policies, reports) };
};
