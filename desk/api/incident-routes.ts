import type * as v from 'valibot';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { DeskQuestion } from '../../usecases/ports/desk-view.ts';
import { describeIncident } from './describe-incident.ts';
import type { DeskPorts } from './desk-ports.ts';
import * as requests from './requests.ts';
import { nothing, Otherwise, type Route, route, textRoute } from './route.ts';
import * as schemas from './schemas.ts';

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

const PAGE_OF_INCIDENTS = 50;
const MAX_CSV_ROWS = 5000;

const cursorOf = ({ beganAt, id }: IncidentRecord): string => `${beganAt}.${id}`;

const readCursor = (text: string | undefined): DeskQuestion['after'] => {
  const [, beganAt, id] = /^(\d{1,15})\.(.+)$/.exec(text ?? '') ?? [];
  return beganAt === undefined || id === undefined ? null : { beganAt: Number(beganAt), id };
};

/** What the API shows of incidents, of who was notified of them, and of the pipeline itself. */
export const incidentRoutes = (ports: DeskPorts): readonly Route[] => {
  const { view, now, about } = ports;
  const describe = describeIncident(ports);

  const incidentsAsked = async (
    {
      open,
      cylinder,
      site,
      severity,
      outcome,
      from,
      to,
      after,
    }: v.InferOutput<typeof requests.incidentsQuery>,
    limit: number,
  ): Promise<readonly IncidentRecord[]> => {
    if (site !== undefined && site !== about.site) return [];
    return await view.incidents({
      cylinder: cylinder ?? null,
      open: open === undefined ? null : open === 'true',
      severity: severity ?? null,
      outcome: outcome ?? null,
      from: from ?? null,
      to: to ?? null,
      after: readCursor(after),
      limit,
    });
  };

  return [
    route({
      method: 'get',
      path: '/api/incidents',
      summary: 'Incidents, the newest first',
      query: requests.incidentsQuery,
      body: nothing,
      answer: schemas.incidentsAnswer,
      act: async ({ query: { limit = PAGE_OF_INCIDENTS, ...query } }) => {
        const incidents = await incidentsAsked(query, limit);
        const last = incidents.length < limit ? undefined : incidents.at(-1);
        return { now: now(), incidents, next: last === undefined ? null : cursorOf(last) };
      },
    }),
    textRoute({
      method: 'get',
      path: '/api/incidents.csv',
      summary: 'The same as CSV, for a spreadsheet',
      query: requests.incidentsQuery,
      type: 'text/csv; charset=utf-8',
      act: async ({ limit: _, ...query }) => incidentsCsv(await incidentsAsked(query, MAX_CSV_ROWS)),
    }),
    route({
      method: 'get',
      path: '/api/incidents/{id}',
      summary: 'One incident with its course, and the commands that would be taken now',
      query: nothing,
      body: nothing,
      answer: schemas.incidentAnswer,
      act: async ({ path }) => {
        const incident = await view.incident(path('id'));
        if (incident === null) return new Otherwise(404, 'UnknownIncident', 'there is no such incident');
        return await describe(incident);
      },
    }),
    route({
      method: 'get',
      path: '/api/notices',
      summary: 'Who was notified of what, when and through which channel, the newest first',
      query: requests.noticesQuery,
      body: nothing,
      answer: schemas.noticesAnswer,
      act: async ({ query: { incident = null, cylinder = null, limit = PAGE_OF_INCIDENTS } }) => ({
        now: now(),
        notices: await view.notices({ incident, cylinder, limit }),
      }),
    }),
    route({
      method: 'get',
      path: '/api/system',
      summary: 'What the pipeline says of itself, and who asks',
      query: nothing,
      body: nothing,
      answer: schemas.systemAnswer,
      act: async ({ user }) => ({
        now: now(),
        ...about,
        ...(await view.pipeline()),
        user: user === null || user.name === null ? null : { ...user, name: user.name },
      }),
    }),
  ];
};
