import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { printable } from '../../domain/printable.ts';
import { titledTable } from '../../local/console/text-table.ts';
import { durationText, utcText } from '../../notification/time-text.ts';

/** An incident lasts until it was abnormal last, not until the quiet after that had held long enough. */
const endOf = ({ clearedAt, lastAbnormalAt }: IncidentRecord, now: number): number =>
  clearedAt === null ? now : (lastAbnormalAt ?? clearedAt);

const severityOf = ({ severity, reopenings }: IncidentRecord): string => {
  if (reopenings === 0) return severity;
  return `${severity}, came back ${reopenings === 1 ? 'once' : `${reopenings} times`}`;
};

const outcomeOf = ({ outcome, mode, closedBy, endedBy }: IncidentRecord): string => {
  if (outcome !== null) return `${outcome}${mode === null ? '' : `: ${mode}`}, says ${closedBy ?? '-'}`;
  if (endedBy === null) return 'open';
  return endedBy === 'clearing'
    ? 'over'
    : `ended by ${endedBy === 'policy' ? 'a new sample period' : endedBy}`;
};

const COLUMNS = [
  { title: 'cylinder' },
  { title: 'began' },
  { title: 'for', right: true },
  { title: 'severity' },
  { title: 'acknowledged by' },
  { title: 'outcome' },
  { title: 'incident' },
];

/** Incidents as lines for people; `now` in ms. */
export const incidentLines = (incidents: readonly IncidentRecord[], now: number): readonly string[] => {
  if (incidents.length === 0) return ['no incidents'];
  const cells = incidents.map((incident) => [
    incident.cylinder,
    utcText(incident.beganAt),
    durationText(endOf(incident, now) - incident.beganAt),
    severityOf(incident),
    incident.acknowledgedBy ?? 'nobody',
    outcomeOf(incident),
    incident.id,
  ]);
  return titledTable(
    COLUMNS,
    cells.map((row) => row.map(printable)),
  );
};
