import type { TextColumn } from '../../local/console/screen.ts';
import { durationText } from '../../notification/time-text.ts';
import type { Backtest, Result } from '../backtest.ts';
import type { ScoreCard } from '../evaluation/score-card.ts';
import { letterOf } from './incident-rows.ts';

/** One line of the summary: one policy on one recording, or on all. */
export type ScoreRow = Readonly<{
  recording: string;
  policy: string;
  cells: readonly string[];
  isTotal: boolean;
}>;

/** What stands where there is nothing to say. */
export const NOTHING = '–';

export const SCORE_COLUMNS: readonly TextColumn[] = [
  { title: 'detected', right: true },
  { title: 'median delay', right: true },
  { title: 'worst', right: true },
  { title: 'missed', right: true },
  { title: 'false alarms', right: true },
  { title: 'per hour', right: true },
  { title: 'sound time', right: true },
  { title: 'incidents', right: true },
  { title: 'alarms', right: true },
  { title: 'notices', right: true },
];

const delayText = (ms: number | null): string => {
  if (ms === null) return NOTHING;
  return ms < 0 ? `${durationText(-ms)} early` : durationText(ms);
};

const cellsOf = (score: ScoreCard, isLabelled: boolean, results: readonly Result[]): readonly string[] => {
  const sum = (count: (result: Result) => number): string =>
    String(results.reduce((total, result) => total + count(result), 0));
  const early = results
    .flatMap(({ judgement }) => judgement.detections)
    .filter(({ delayMs }) => delayMs !== null && delayMs < 0).length;
  const labelled = [
    `${score.detected} of ${score.episodes}${early === 0 ? '' : ` (${early} early)`}`,
    delayText(score.medianDelayMs),
    delayText(score.worstDelayMs),
    String(score.missed),
    String(score.falseAlarms),
    score.falsePerHour === null ? NOTHING : score.falsePerHour.toFixed(2),
    durationText(score.soundMs),
  ];
  return [
    ...(isLabelled ? labelled : labelled.map(() => NOTHING)),
    sum(({ outcome }) => outcome.incidents.length),
    sum(({ alarms }) => alarms.length),
    sum(({ outcome }) => outcome.notices.length),
  ];
};

/** The summary, recording by recording and then all together; the policies of each in their order. */
export const scoreRows = (backtest: Backtest): readonly ScoreRow[] => {
  const { policies, recordings, all } = backtest;
  const each = recordings.flatMap(({ name, facts, results }) =>
    results.map((result, index) => ({
      recording: name,
      policy: letterOf(index),
      cells: cellsOf(result.score, facts.isLabelled, [result]),
      isTotal: false,
    })),
  );
  if (recordings.length === 1) return each;
  const isLabelled = recordings.some(({ facts }) => facts.isLabelled);
  const totals = policies.map((_, index): ScoreRow => {
    const results = recordings.flatMap((recording) => recording.results[index] ?? []);
    const score = all[index];
    return {
      recording: `all ${recordings.length}`,
      policy: letterOf(index),
      cells: score === undefined ? [] : cellsOf(score, isLabelled, results),
      isTotal: true,
    };
  });
  return [...each, ...totals];
};
