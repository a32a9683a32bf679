import { type TextColumn, titledTable } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { delayText } from '../report/incident-rows.ts';
import { poisson, wilson } from '../tune/choose-policy.ts';
import {
  type Demands,
  type Evidence,
  evidenceOf,
  isBetter,
  type KnownOutcome,
  objectionsTo,
  type Side,
} from './evidence.ts';
import type { Trial } from './try-challenger.ts';

/** Two models side by side: all that `sentinel model promote` goes by. */
export type ChallengeReport = Readonly<{
  trial: Omit<Trial, 'champion' | 'challenger'>;
  evidence: Evidence;
  objections: readonly string[];
  /** Whether the challenger detects more or gives fewer false alarms. */
  isBetter: boolean;
}>;

export const challengeReport = (
  { champion, challenger, ...trial }: Trial,
  known: readonly KnownOutcome[],
  demands: Demands,
): ChallengeReport => {
  const evidence = evidenceOf({ champion, challenger }, known);
  const objections = objectionsTo(evidence, trial.scoredMs, demands);
  return { trial, evidence, objections, isBetter: isBetter(evidence) };
};

const DAY_MS = 86_400_000;

const percent = (share: number): string => `${(100 * share).toFixed(share > 0.99 ? 2 : 1)} %`;

/** Cohen's kappa: agreement beyond that of chance, 1 for the same and 0 for chance; null where one side says one thing only. */
const kappaOf = ({ both, neither, champion, challenger }: Trial['agreement']): number | null => {
  const all = both + neither + champion + challenger;
  const [one, other] = [(both + champion) / all, (both + challenger) / all];
  const byChance = one * other + (1 - one) * (1 - other);
  return all === 0 || byChance === 1 ? null : ((both + neither) / all - byChance) / (1 - byChance);
};

const COLUMNS: readonly TextColumn[] = [
  { title: '' },
  { title: 'incidents told', right: true },
  { title: 'known faults told', right: true },
  { title: '95 %', right: true },
  { title: 'median delay', right: true },
  { title: 'false', right: true },
  { title: 'false a day, 95 %', right: true },
  { title: 'unjudged', right: true },
];

const sideRow = (name: string, side: Side, faults: number, scoredMs: number): readonly string[] => {
  const detected = wilson(side.detected, faults);
  const wrong = poisson(side.false);
  const days = scoredMs / DAY_MS;
  return [
    name,
    String(side.told.length),
    `${side.detected} of ${faults}`,
    faults === 0 ? '–' : `${percent(detected.low)} to ${percent(detected.high)}`,
    delayText(side.medianDelayMs),
    String(side.false),
    days === 0 ? '–' : `${(wrong.low / days).toFixed(2)} to ${(wrong.high / days).toFixed(2)}`,
    String(side.unjudged),
  ];
};

const MOST_SHOWN = 20;

const INCIDENTS: readonly TextColumn[] = [
  { title: 'told by' },
  { title: 'cylinder' },
  { title: 'began' },
  { title: 'told' },
  { title: 'found' },
];

/** Incidents that one of both alone would have told. */
const aloneRows = ({ champion, challenger }: Evidence): readonly (readonly string[])[] => {
  const alone = (name: string, side: Side, other: Side): readonly (readonly string[])[] =>
    side.told
      .filter(
        ({ cylinder, beganMs, endMs }) =>
          !other.told.some(
            (its) =>
              its.cylinder === cylinder &&
              its.beganMs <= (endMs ?? Number.POSITIVE_INFINITY) &&
              beganMs <= (its.endMs ?? Number.POSITIVE_INFINITY),
          ),
      )
      .map(({ cylinder, beganMs, toldMs, verdict }) => [
        name,
        cylinder,
        utcText(beganMs),
        utcText(toldMs),
        verdict === 'unjudged' ? 'nobody has looked' : verdict,
      ]);
  return [
    ...alone('champion alone', champion, challenger),
    ...alone('challenger alone', challenger, champion),
  ];
};

const TRUTHS: Readonly<Record<Evidence['truth'], string>> = {
  labels: 'judged by the labels of the recording',
  outcomes: 'judged by what people found: a fault that neither model told is not known to anybody',
  nothing: 'judged by nothing: no outcome is known',
};

/** The report for a terminal, line by line. */
export const challengeLines = ({
  trial,
  evidence,
  objections,
  isBetter: isForIt,
}: ChallengeReport): readonly string[] => {
  const { agreement, samples, leftOut, scoredMs, champions, challengers } = trial;
  const kappa = kappaOf(agreement);
  const agreed = samples === 0 ? 0 : (agreement.both + agreement.neither) / samples;
  const rows = aloneRows(evidence);
  return [
    `champion    ${champions.join(', ')}`,
    `challenger  ${challengers.join(', ')}`,
    `${samples} samples scored by both, ${durationText(scoredMs)} of cylinders${leftOut > 0 ? `; ${leftOut} left out, which only the champion scored` : ''}`,
    `same side of the threshold in ${percent(agreed)} of samples${kappa === null ? '' : ` (kappa ${kappa.toFixed(2)})`}; above it for the champion alone ${agreement.champion}, for the challenger alone ${agreement.challenger}`,
    TRUTHS[evidence.truth],
    '',
    ...titledTable(COLUMNS, [
      sideRow('champion', evidence.champion, evidence.faults, scoredMs),
      sideRow('challenger', evidence.challenger, evidence.faults, scoredMs),
    ]),
    ...(rows.length === 0 ? [] : ['', ...titledTable(INCIDENTS, rows.slice(0, MOST_SHOWN))]),
    ...(rows.length > MOST_SHOWN ? [`and ${rows.length - MOST_SHOWN} more`] : []),
    '',
    ...(objections.length === 0
      ? [
          isForIt
            ? 'The evidence is for the challenger.'
            : 'Nothing speaks against the challenger, and nothing for it.',
        ]
      : ['Against making it the champion:', ...objections.map((text) => `  ${text}`)]),
  ];
};
