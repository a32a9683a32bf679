import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { type Alarm, evaluate, median } from '../evaluation/detection.ts';
import type { Tally } from './recording-tally.ts';

/** What a run over a recording came to. */
export type RunResult = Readonly<{
  tally: Tally;
  stored: number;
  repeated: number;
  quarantined: number;
  incidents: readonly IncidentRecord[];
  notices: number;
  /** How long the window looks back, ms. */
  windowMs: number;
}>;

/** Every incident counts here, from its raise on, whatever the policy notifies of; `sentinel backtest` counts what people are notified of. */
const alarmOf = ({ id, cylinder, raisedAt, clearedAt }: IncidentRecord): Alarm => ({
  id,
  cylinder,
  raisedMs: raisedAt,
  endedMs: clearedAt,
});

const incidentLine = ({ cylinder, beganAt, clearedAt, severity, reopenings }: IncidentRecord): string => {
  const end =
    clearedAt === null ? 'still open' : `to ${utcText(clearedAt)} (${durationText(clearedAt - beganAt)})`;
  const again = reopenings > 0 ? `, reopened ${reopenings} times` : '';
  return `  ${cylinder}  ${severity}  from ${utcText(beganAt)} ${end}${again}`;
};

const missedText = (wasUp: boolean): string =>
  wasUp ? 'missed (an incident raised for nothing was open)' : 'missed';

const truthLines = ({ tally, incidents, windowMs }: RunResult): string[] => {
  if (tally.episodes.length === 0) return [];
  const { detections, falseAlarms } = evaluate(tally.episodes, incidents.map(alarmOf), windowMs);
  const delays = detections.flatMap(({ delayMs }) => delayMs ?? []);
  const middle = median(delays);
  const delay = middle === null ? '' : `, median delay ${durationText(middle)}`;
  return [
    `labels: ${delays.length} of ${detections.length} episodes detected by an incident of any severity${delay}, ${falseAlarms.length} false ones in ${durationText(tally.soundMs)} labelled sound`,
    ...detections.map(({ episode, alarm, delayMs, wasUp }) => {
      const when =
        alarm === null || delayMs === null
          ? missedText(wasUp)
          : `detected after ${durationText(delayMs)}, at ${utcText(Math.max(alarm.raisedMs, episode.beginMs))}`;
      return `  ${episode.cylinder}  ${utcText(episode.beginMs)} to ${utcText(episode.endMs)}: ${when}`;
    }),
  ];
};

const KNOWN =
  'all of this recording was in the data folder before: its incidents were told then (without --data each run starts anew)';

const judged = (result: RunResult): readonly string[] => [
  `incidents: ${result.incidents.length}`,
  ...result.incidents.map(incidentLine),
  `notices: ${result.notices}`,
  ...truthLines(result),
];

/** The summary of a recording that has been read to its end, line by line. */
export const summaryLines = (result: RunResult): readonly string[] => {
  const { tally, stored, repeated, quarantined } = result;
  const isKnown = stored === 0 && repeated > 0;
  const span =
    tally.firstMs === null || tally.lastMs === null
      ? ''
      : ` over ${durationText(tally.lastMs - tally.firstMs)}, ${utcText(tally.firstMs)} to ${utcText(tally.lastMs)}`;
  const gaps = tally.gaps === 0 ? 'none' : `${tally.gaps}, the longest ${durationText(tally.longestGapMs)}`;
  return [
    `samples: ${tally.samples}${span}; ${stored} stored, ${repeated} repeated, ${quarantined} quarantined`,
    `gaps: ${gaps}`,
    ...(isKnown ? [KNOWN] : judged(result)),
  ];
};
