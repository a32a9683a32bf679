import type { TextColumn } from '../../local/console/text-table.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Backtest, Result } from '../backtest.ts';
import type { Alarm } from '../evaluation/detection.ts';
import { endOf, type IncidentCourse, severityOf } from '../evaluation/incident-course.ts';
import { letterOf } from './policy-text.ts';

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
