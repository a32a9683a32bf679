import { type TextColumn, titledTable } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { delayText } from '../report/incident-rows.ts';
import {
  type Demands,
  type Evidence,
  evidenceOf,
  isBetter,
  type KnownOutcome,
  objectionsTo,
  type Side,
} from './evidence.ts';
import { type Expected, type ExpectedChange, expectedChange } from './expected-change.ts';
import type { Trial } from './try-challenger.ts';

/** Two models side by side: all that `sentinel model promote` goes by. */
export type ChallengeReport = Readonly<{
  trial: Omit<Trial, 'champion' | 'challenger' | 'scored'>;
  evidence: Evidence;
  objections: readonly string[];
  /** Whether the challenger detects more or gives fewer false alarms. */
  isBetter: boolean;
  /** Null where nothing is known to judge by. */
  expected: ExpectedChange | null;
}>;

export const challengeReport = (
  { champion, challenger, scored, ...trial }: Trial,
  known: readonly KnownOutcome[],
  demands: Demands,
): ChallengeReport => {
  const evidence = evidenceOf({ champion, challenger, scored }, known);
  const objections = objectionsTo(evidence, trial.scoredMs, demands);
  // Where nobody has looked into anything, that no alarm is known to be false promises nothing.
  const expected = evidence.truth === 'nothing' ? null : expectedChange(evidence, trial.scoredMs);
  return { trial, evidence, objections, isBetter: isBetter(evidence), expected };
};

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

const sideRow = (
  name: string,
  side: Side,
  faults: number,
  expected: Expected | undefined,
): readonly string[] => {
  const { detectedShare: told = null, falsePerDay: wrong } = expected ?? {};
  return [
    name,
    String(side.told.length),
    `${side.detected} of ${faults}`,
    told === null ? '–' : `${percent(told.low)} to ${percent(told.high)}`,
    delayText(side.medianDelayMs),
    String(side.false),
    wrong === undefined ? '–' : `${wrong.low.toFixed(2)} to ${wrong.high.toFixed(2)}`,
    String(side.unjudged),
  ];
};

const signed = (value: number, text: (value: number) => string): string =>
  `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;

/** What to expect with the challenger in the champion's place, a sentence. */
const changeLines = (expected: ExpectedChange | null): readonly string[] => {
  if (expected === null) return [];
  const { detectedShare: told, falsePerDay: wrong } = expected.change;
  const points = (share: number): string => signed(share, (value) => (100 * value).toFixed(0));
  const rate = (value: number): string => signed(value, (size) => size.toFixed(2));
  const faults =
    told === null
      ? ''
      : `${points(told.estimate)} points of known faults told (95 %: ${points(told.low)} to ${points(told.high)}), `;
  return [
    `to expect of it as the champion: ${faults}${rate(wrong.estimate)} false alarms a day of one cylinder (${rate(wrong.low)} to ${rate(wrong.high)})`,
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
  expected,
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
      sideRow('champion', evidence.champion, evidence.faults, expected?.champion),
      sideRow('challenger', evidence.challenger, evidence.faults, expected?.challenger),
    ]),
    ...changeLines(expected),
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
