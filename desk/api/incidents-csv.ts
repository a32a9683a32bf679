import type { IncidentRecord } from '../../domain/incident/incident-record.ts';

/** A spreadsheet takes a text that begins so for a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[\s]*[=+\-@\t\r]/;

const cell = (value: string | number | null): string => {
  if (typeof value === 'number') return String(value);
  const text = (value ?? '').replace(/\p{Cc}/gu, ' ');
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const timeCell = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

const COLUMNS: readonly (readonly [string, (incident: IncidentRecord) => string])[] = [
  ['incident', ({ id }) => cell(id)],
  ['cylinder', ({ cylinder }) => cell(cylinder)],
  ['gateway', ({ gateway }) => cell(gateway)],
  ['severity', ({ severity }) => cell(severity)],
  ['began', ({ beganAt }) => timeCell(beganAt)],
  ['raised', ({ raisedAt }) => timeCell(raisedAt)],
  ['last abnormal', ({ lastAbnormalAt }) => timeCell(lastAbnormalAt)],
  ['cleared', ({ clearedAt }) => timeCell(clearedAt)],
  ['ended by', ({ endedBy }) => cell(endedBy)],
  ['reopenings', ({ reopenings }) => cell(reopenings)],
  ['told', ({ toldAt }) => timeCell(toldAt)],
  ['acknowledged', ({ acknowledgedAt }) => timeCell(acknowledgedAt)],
  ['closed', ({ closedAt }) => timeCell(closedAt)],
  ['advice', ({ advice }) => cell(advice)],
  ['model', ({ model }) => cell(model)],
  ['policy', ({ policy }) => cell(policy)],
  ['acknowledged by', ({ acknowledgedBy }) => cell(acknowledgedBy)],
  ['closed by', ({ closedBy }) => cell(closedBy)],
  ['outcome', ({ outcome }) => cell(outcome)],
  ['mode', ({ mode }) => cell(mode)],
  ['comment', ({ comment }) => cell(comment)],
];

/** Incidents as CSV (RFC 4180), times in UTC; no cell of it is a formula. */
export const incidentsCsv = (incidents: readonly IncidentRecord[]): string =>
  [
    COLUMNS.map(([title]) => title).join(','),
    ...incidents.map((incident) => COLUMNS.map(([, of]) => of(incident)).join(',')),
  ]
    .map((line) => `${line}\r\n`)
    .join('');
