import type { Asked, Dialect } from '../analysis/bind-query.ts';
import { savedQueries, statementOf } from '../analysis/saved-queries.ts';
import { countIn, numberIn, type Row, textIn, timeIn } from './row-values.ts';

/** The saved queries that a report asks, each once for all of it; `course` is asked for each incident that is shown. */
export const REPORT_QUERIES = [
  'reliability',
  'worst-actors',
  'incidents',
  'contributions',
  'coverage',
  'gaps',
  'alarm-load',
  'drift',
  'models',
  'alert-precision',
] as const;
export type ReportQuery = (typeof REPORT_QUERIES)[number];

/** A store as a report asks it. */
export type ReportStore = Readonly<{ dialect: Dialect; ask: (sql: string) => AsyncIterable<Row> }>;

/** A part of an incident's course: where its middle lies, 0 to 1, and the highest probability in it. */
export type CoursePoint = Readonly<{ at: number; probability: number }>;

/** An incident that is shown, with the course of its score around it. */
export type ShownIncident = Readonly<{
  row: Row;
  why: Row | null;
  course: readonly CoursePoint[];
  /** How far its parts are apart, 0 to 1. */
  apart: number;
  /** Where within the course it began, was raised and was abnormal last, 0 to 1. */
  marks: Readonly<{ began: number; raised: number; last: number | null }>;
}>;

export type ReportData = Readonly<{
  asked: Asked;
  rows: Readonly<Record<ReportQuery, readonly Row[]>>;
  /** Those with the longest trouble, in the order of their raise. */
  shown: readonly ShownIncident[];
}>;

/** More incidents nobody reads; the saved query has all. */
const MAX_SHOWN = 60;
/** So much of what lies before and after an incident is shown with it at least, ms; and at most of one that goes on. */
const AROUND_MS = 10 * 60_000;
const LONGEST_MS = 7 * 86_400_000;

const statement = (name: string, store: ReportStore, asked: Asked): string => {
  const query = savedQueries().find((known) => known.name === name);
  if (query === undefined) throw new Error(`there is no saved query ${name}`);
  return statementOf(query, store.dialect, asked);
};

const untilOf = (row: Row, { to }: Asked): number => {
  const began = timeIn(row, 'began_at') ?? to;
  const minutes = numberIn(row, 'minutes');
  return minutes === null ? Math.max(began, to) : began + minutes * 60_000;
};

const lastedMs = (row: Row, asked: Asked): number =>
  untilOf(row, asked) - (timeIn(row, 'began_at') ?? asked.to);

/** The time around an incident that its course is drawn of. */
const frameOf = (row: Row, asked: Asked): Readonly<{ from: number; to: number }> => {
  const began = timeIn(row, 'began_at') ?? asked.from;
  const until = Math.min(untilOf(row, asked), began + LONGEST_MS);
  const around = Math.max(AROUND_MS, (until - began) * 0.15);
  return { from: Math.floor(began - around), to: Math.ceil(until + around) };
};

const HOUR_MS = 3_600_000;

/** Where the parts of the saved query `course` begin and how long each is, ms. */
const partsOf = (from: number, to: number): Readonly<{ first: number; width: number }> =>
  to - from > 30 * HOUR_MS
    ? {
        first: Math.floor(from / HOUR_MS) * HOUR_MS,
        width: Math.ceil((to - from) / (60 * HOUR_MS)) * HOUR_MS,
      }
    : { first: from, width: (to - from) / 60 };

const shownIncident = async (
  store: ReportStore,
  asked: Asked,
  row: Row,
  why: Row | null,
): Promise<ShownIncident> => {
  const { from, to } = frameOf(row, asked);
  const cylinder = textIn(row, 'cylinder') ?? '';
  const parts = partsOf(from, to);
  const course = await Array.fromAsync(
    store.ask(statement('course', store, { ...asked, from, to, cylinder })),
  );
  const place = (ms: number | null): number =>
    ms === null ? 0 : Math.min(1, Math.max(0, (ms - from) / (to - from)));
  return {
    row,
    why,
    apart: parts.width / (to - from),
    course: course.map((part) => ({
      at: place(parts.first + (countIn(part, 'part') + 0.5) * parts.width),
      probability: countIn(part, 'probability_max'),
    })),
    marks: {
      began: place(timeIn(row, 'began_at')),
      raised: place(timeIn(row, 'raised_at')),
      last: numberIn(row, 'minutes') === null ? null : place(untilOf(row, asked)),
    },
  };
};

const shownIncidents = async (
  store: ReportStore,
  asked: Asked,
  { incidents, contributions }: Pick<ReportData['rows'], 'incidents' | 'contributions'>,
  onAsk: (name: string) => void,
): Promise<readonly ShownIncident[]> => {
  const reasons = new Map(contributions.map((row) => [textIn(row, 'id'), row]));
  const longest = new Set(
    incidents.toSorted((a, b) => lastedMs(b, asked) - lastedMs(a, asked)).slice(0, MAX_SHOWN),
  );
  const shown: ShownIncident[] = [];
  for (const row of incidents.filter((one) => longest.has(one))) {
    onAsk(`course (${shown.length + 1} of ${longest.size})`);
    shown.push(await shownIncident(store, asked, row, reasons.get(textIn(row, 'id')) ?? null));
  }
  return shown;
};

/** Asks a store all that a report says; `onAsk` is told which question it is at. */
export const gatherReport = async (
  store: ReportStore,
  asked: Asked,
  onAsk: (name: string) => void,
): Promise<ReportData> => {
  const answer = (name: ReportQuery): Promise<readonly Row[]> => {
    onAsk(name);
    return Array.fromAsync(store.ask(statement(name, store, asked)));
  };
  const rows = {
    reliability: await answer('reliability'),
    'worst-actors': await answer('worst-actors'),
    incidents: await answer('incidents'),
    contributions: await answer('contributions'),
    coverage: await answer('coverage'),
    gaps: await answer('gaps'),
    'alarm-load': await answer('alarm-load'),
    drift: await answer('drift'),
    models: await answer('models'),
    'alert-precision': await answer('alert-precision'),
  };
  return { asked, rows, shown: await shownIncidents(store, asked, rows, onAsk) };
};
