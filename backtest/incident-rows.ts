import { durationText, utcText } from '../notification/time-text.ts';
import type { Backtest } from './backtest.ts';
import { endOf, severityOf } from './evaluation/incident-course.ts';
import { letterOf, recordingNames } from './names.ts';
import type { TextColumn } from './text-table.ts';
import { type Verdict, verdictOn } from './verdict.ts';

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
  const names = recordingNames(backtest);
  return backtest.recordings.flatMap(({ results, facts }, at) =>
    results.flatMap((result, index) =>
      result.outcome.incidents.map((incident) => {
        const clearedMs = endOf(incident);
        const verdict = verdictOn(incident, result);
        const cells = [
          names[at] ?? '',
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
