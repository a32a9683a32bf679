import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { TextColumn } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Backtest, Result } from '../backtest.ts';
import {
  type Alarm,
  type Detection,
  endOf,
  type IncidentCourse,
  severityOf,
} from '../evaluation/detection.ts';
import type { ScoreCard } from '../evaluation/score-card.ts';

const LETTERS = 'ABCDEFGH';

/** The letter by which a report calls a policy: A for the one under test, B for the one it is held against. */
export const letterOf = (index: number): string => LETTERS[index] ?? '?';

/** How long an incident is active before a policy notifies people of it. */
export const notifiesText = ({ notifyFrom, levels }: Policy): string => {
  const afterMs = levels.find(({ severity }) => severity === notifyFrom)?.afterMs ?? 0;
  return afterMs === 0 ? 'at once' : `after ${durationText(afterMs)} active`;
};

/** What the labels say of an incident: people were notified of a fault, or of nothing; nobody was notified of it; it is not labelled. */
export type Verdict = 'true alarm' | 'false alarm' | 'not told' | 'alarm';

/** The verdict on one incident of a result. */
export const verdictOn = (incident: IncidentCourse, { alarms, judgement }: Result): Verdict => {
  const isIts = ({ id }: Alarm): boolean => id === incident.id;
  if (!alarms.some(isIts)) return 'not told';
  if (judgement.falseAlarms.some(isIts)) return 'false alarm';
  return judgement.trueAlarms.some(isIts) ? 'true alarm' : 'alarm';
};

export const INCIDENT_COLUMNS: readonly TextColumn[] = [
  { title: 'recording' },
  { title: 'policy' },
  { title: 'cylinder' },
  { title: 'severity' },
  { title: 'began' },
  { title: 'cleared' },
  { title: 'lasted', right: true },
  { title: 'reopened', right: true },
  { title: 'verdict' },
];

/** All incidents, each as the cells of INCIDENT_COLUMNS, with what the labels say of it. */
export const incidentRows = (
  backtest: Backtest,
): readonly Readonly<{ cells: readonly string[]; verdict: Verdict }>[] => {
  return backtest.recordings.flatMap(({ name, results, facts }) =>
    results.flatMap((result, index) =>
      result.outcome.incidents.map((incident) => {
        const clearedMs = endOf(incident);
        const verdict = verdictOn(incident, result);
        const cells = [
          name,
          letterOf(index),
          incident.cylinder,
          severityOf(incident),
          utcText(incident.beganMs),
          clearedMs === null ? 'still open' : utcText(clearedMs),
          durationText((clearedMs ?? facts.lastMs) - incident.beganMs),
          String(incident.stretches.length - 1),
          verdict,
        ];
        return { cells, verdict };
      }),
    ),
  );
};

const foundText = ({ delayMs, wasUp }: Detection): string => {
  if (delayMs !== null && delayMs < 0) return `${durationText(-delayMs)} early`;
  if (delayMs !== null) return `after ${durationText(delayMs)}`;
  return wasUp ? 'missed (a false alarm was up)' : 'missed';
};

/** How the delay of the second policy compares with that of the first. */
export const delayChange = (firstMs: number | null, secondMs: number | null): string => {
  if (firstMs === secondMs) return 'same';
  if (firstMs === null) return 'only B';
  if (secondMs === null) return 'only A';
  const byMs = secondMs - firstMs;
  return byMs < 0 ? `B ${durationText(-byMs)} earlier` : `B ${durationText(byMs)} later`;
};

/** The labelled episodes with what each policy made of them. */
export const episodeTable = (
  backtest: Backtest,
): { columns: readonly TextColumn[]; rows: readonly string[][] } => {
  const { policies, recordings } = backtest;
  const compares = policies.length > 1;
  const columns = [
    { title: 'recording' },
    { title: 'cylinder' },
    { title: 'from' },
    { title: 'to' },
    ...policies.map((_, index) => ({ title: compares ? letterOf(index) : 'detected' })),
    ...(compares ? [{ title: 'difference' }] : []),
  ];
  const rows = recordings.flatMap(({ name, results }) => {
    const [first, second] = results;
    return (first?.judgement.detections ?? []).map((detection, index) => {
      const { cylinder, beginMs, endMs } = detection.episode;
      const other = second?.judgement.detections[index];
      return [
        name,
        cylinder,
        utcText(beginMs),
        utcText(endMs),
        foundText(detection),
        ...(other === undefined ? [] : [foundText(other), delayChange(detection.delayMs, other.delayMs)]),
      ];
    });
  });
  return { columns, rows };
};

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

/** A delay, ms; below 0 it is early, and null is none. */
export const delayText = (ms: number | null): string => {
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
