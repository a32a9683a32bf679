import { Command } from 'commander';
import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import { printable } from '../domain/printable.ts';
import { titledTable } from '../local/console/screen.ts';
import { durationText, utcText } from '../notification/time-text.ts';
import { duration, name } from './options/option-value.ts';
import { type LineOptions, withLine, withLineOptions } from './status/open-line.ts';
import { writeLine } from './terminal/output.ts';

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

type Options = LineOptions & Readonly<{ cylinder?: string; since?: number; json?: boolean }>;

/** `sentinel incidents`: what there was on a line, the newest first. */
export const incidentsCommand = (): Command =>
  withLineOptions(
    new Command('incidents').description('recent incidents: when, how long, who acknowledged, what it was'),
  )
    .option('--cylinder <name>', 'of one cylinder', name)
    .option('--since <duration>', 'those that lasted into the time since so long ago, as 8h or 7d', duration)
    .option('--json', 'one JSON line for each')
    .action(({ cylinder = '', since, json = false, ...where }: Options) =>
      withLine(where, async (line) => {
        // The clock is the pipeline's: on one machine it may run faster than this one.
        const now = since === undefined ? 0 : (await line.status()).now;
        const sinceMs = since === undefined ? null : now - since;
        const found = await line.incidents({ cylinder: cylinder === '' ? null : cylinder, sinceMs });
        const lines = json
          ? found.incidents.map((incident) => JSON.stringify(incident))
          : incidentLines(found.incidents, found.now);
        for (const text of lines) writeLine(text);
      }),
    );
