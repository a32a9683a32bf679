import type { Paint } from '../../local/console/screen.ts';
import { utcText } from '../../notification/time-text.ts';
import type { Backtest } from '../backtest.ts';
import type { Difference } from '../evaluation/difference.ts';
import { endOf, type IncidentCourse, severityOf } from '../evaluation/incident-course.ts';
import { delayChange } from './episode-rows.ts';

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const incidentText = (incident: IncidentCourse): string => {
  const clearedMs = endOf(incident);
  const until = clearedMs === null ? 'still open' : `to ${utcText(clearedMs)}`;
  return `${incident.cylinder} ${severityOf(incident)} from ${utcText(incident.beganMs)} ${until}`;
};

const delayText = (firstMs: number | null, secondMs: number | null): string =>
  firstMs === null || secondMs === null
    ? `with ${delayChange(firstMs, secondMs).replace('only ', '')} only`
    : delayChange(firstMs, secondMs).replace('B ', 'with B ');

/** How the second policy differs from the first on one recording, in sentences without its name. */
export const differenceTexts = ({
  onlyFirst,
  onlySecond,
  delays,
  notices,
}: Difference): readonly string[] => [
  ...onlyFirst.map((incident) => `incident only with A: ${incidentText(incident)}`),
  ...onlySecond.map((incident) => `incident only with B: ${incidentText(incident)}`),
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

/** How the second policy differs from the first, recording by recording; no lines where there is one policy only. */
export const differenceLines = (backtest: Backtest, paint: Paint): readonly string[] => {
  if (backtest.policies.length < 2) return [];
  const lines = backtest.recordings.flatMap(({ name, difference }) =>
    (difference === null ? [] : differenceTexts(difference)).map((text) => `  ${name}: ${text}`),
  );
  const title = paint('bold', 'how B differs from A');
  return lines.length === 0 ? ['', `${title}: not at all`] : ['', title, ...lines];
};
