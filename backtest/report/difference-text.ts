import type { Paint } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Backtest } from '../backtest.ts';
import { endOf, type IncidentCourse, severityOf } from '../evaluation/detection.ts';
import { type Difference, type IncidentPair, raisedForMs, raisedOf } from '../evaluation/difference.ts';
import { delayChange, letterOf } from './incident-rows.ts';

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const incidentText = (incident: IncidentCourse, endMs: number): string => {
  const clearedMs = endOf(incident);
  const until = clearedMs === null ? 'still open' : `to ${utcText(clearedMs)}`;
  const raised = `raised for ${durationText(raisedForMs(incident, endMs))}`;
  return `${incident.cylinder} ${severityOf(incident)} from ${utcText(incident.beganMs)} ${until}, ${raised}`;
};

const moved = (word: string, firstMs: number | null, secondMs: number | null): readonly string[] => {
  if (firstMs === secondMs) return [];
  if (firstMs === null) return [`${word} with B only`];
  if (secondMs === null) return [`${word} with A only`];
  const byMs = secondMs - firstMs;
  return [`${word} ${durationText(Math.abs(byMs))} ${byMs < 0 ? 'earlier' : 'later'} with B`];
};

const pairText = ({ first, second }: IncidentPair, endMs: number): string => {
  const [aMs, bMs] = [raisedForMs(first, endMs), raisedForMs(second, endMs)];
  const texts = [
    `raised for ${durationText(aMs)} with A, ${durationText(bMs)} with B`,
    ...moved('raised', raisedOf(first), raisedOf(second)),
    ...moved('cleared', endOf(first), endOf(second)),
  ];
  return `incident of ${first.cylinder} from ${utcText(first.beganMs)}: ${texts.join('; ')}`;
};

const delayText = (firstMs: number | null, secondMs: number | null): string =>
  firstMs === null || secondMs === null
    ? `with ${delayChange(firstMs, secondMs).replace('only ', '')} only`
    : delayChange(firstMs, secondMs).replace('B ', 'with B ');

/** How the second policy differs from the first on a recording that ends at `endMs`, in sentences without its name. */
export const differenceTexts = (
  { onlyFirst, onlySecond, pairs, delays, notices }: Difference,
  endMs: number,
): readonly string[] => [
  ...onlyFirst.map((incident) => `incident only with A: ${incidentText(incident, endMs)}`),
  ...onlySecond.map((incident) => `incident only with B: ${incidentText(incident, endMs)}`),
  ...pairs.map((pair) => pairText(pair, endMs)),
  ...delays.map(
    ({ episode, firstMs, secondMs }) =>
      `episode of ${episode.cylinder} at ${utcText(episode.beginMs)}: detected ${delayText(firstMs, secondMs)}`,
  ),
  ...notices.map(({ type, first, second }) =>
    second > first
      ? `${plural(second - first, `${type} notice`)} more with B (${second} instead of ${first})`
      : `${plural(first - second, `${type} notice`)} fewer with B (${second} instead of ${first})`,
  ),
];

/** The patterns of each policy that hold for no cylinder that was recorded: they make no difference here, whatever they say. */
export const patternTexts = ({ policies, recordings }: Backtest): readonly string[] => {
  const cylinders = recordings.flatMap(({ facts }) => [...facts.spacings.keys()]);
  return policies.flatMap(({ book }, index) =>
    book
      .unusedPatterns(cylinders)
      .map(
        (pattern) =>
          `the pattern ${pattern} of ${letterOf(index)} matched nothing: it holds for no cylinder that was recorded`,
      ),
  );
};

/** How the second policy differs from the first, recording by recording; no lines where there is one policy only. */
export const differenceLines = (backtest: Backtest, paint: Paint): readonly string[] => {
  if (backtest.policies.length < 2) return [];
  const lines = backtest.recordings.flatMap(({ name, facts, difference }) =>
    (difference === null ? [] : differenceTexts(difference, facts.lastMs)).map(
      (text) => `  ${name}: ${text}`,
    ),
  );
  const title = paint('bold', 'how B differs from A');
  const patterns = patternTexts(backtest).map((text) => `  ${text}`);
  return lines.length === 0 ? ['', `${title}: not at all`, ...patterns] : ['', title, ...lines, ...patterns];
};
