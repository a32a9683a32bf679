import {
  cylinderName,
  INCIDENTS,
  NOTICES,
  SECONDS,
  stepsOf,
  WEEK_MS,
  type WeekIncident,
} from './seeded-week.ts';

export type Cell = string | number | null;
/** The rows that a query has to give, in their order: columns of no concern here are left out. */
export type Answer = readonly Readonly<Record<string, Cell>>[];

export const DAY = 86_400;

export const timeText = (second: number): string =>
  new Date(WEEK_MS + second * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

export const lasted = ({ began, last }: WeekIncident): number | null => (last === null ? null : last - began);
export const untilTo = ({ began, last }: WeekIncident): number => (last ?? SECONDS) - began;
export const idOf = ({ c, raised }: WeekIncident): string => `${cylinderName(c)}@${raised}`;
export const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

export const incidentList = (): Answer =>
  INCIDENTS.toSorted((a, b) => a.raised - b.raised).map((one) => ({
    id: idOf(one),
    cylinder: cylinderName(one.c),
    began_at: timeText(one.began),
    minutes: one.last === null ? null : (one.last - one.began) / 60,
    to_told_s: 5,
    to_acknowledged_s: one.acknowledged === null ? null : one.acknowledged - one.raised,
    to_closed_s: one.closed === null ? null : one.closed - one.raised,
    outcome: one.outcome,
  }));

export const alertPrecision = (): Answer =>
  [...Map.groupBy(INCIDENTS, ({ policy }) => policy)]
    .map(([policy, own]) => {
      const judged = own.filter(({ outcome }) => outcome !== null && outcome !== 'planned-work').length;
      const faults = own.filter(({ outcome }) => outcome === 'fault').length;
      return {
        model: 'm@1',
        policy,
        incidents: own.length,
        judged,
        faults,
        precision: faults / judged,
        planned: own.filter(({ outcome }) => outcome === 'planned-work').length,
        unanswered: own.filter(({ outcome }) => outcome === null).length,
      };
    })
    .toSorted((a, b) => b.incidents - a.incidents);

export const timeline = (): Answer =>
  INCIDENTS.flatMap((one) => [
    ...stepsOf(one).map(({ kind, second, by, text }) => ({ one, second, happened: kind, by, text })),
    ...NOTICES.filter(({ incident }) => incident === idOf(one)).map(({ at, type }) => ({
      one,
      second: at,
      happened: 'notified',
      by: null,
      text: type,
    })),
  ])
    .toSorted((a, b) => byText(idOf(a.one), idOf(b.one)) || a.second - b.second)
    .map(({ one, second, happened, by, text }) => ({
      cylinder: cylinderName(one.c),
      incident: idOf(one),
      t: timeText(second),
      happened,
      given_by: by,
      words: text,
    }));

export const alarmLoad = (): Answer => {
  const days = new Set(
    [...NOTICES.map(({ at }) => at), ...INCIDENTS.map(({ raised }) => raised)].map((s) =>
      Math.floor(s / DAY),
    ),
  );
  return [...days]
    .toSorted((a, b) => a - b)
    .map((day) => {
      const told = NOTICES.filter(({ at }) => Math.floor(at / DAY) === day);
      const periods = [...Map.groupBy(told, ({ at }) => Math.floor(at / 600)).values()].map(
        ({ length }) => length,
      );
      const raised = INCIDENTS.filter((one) => Math.floor(one.raised / DAY) === day);
      return {
        day: timeText(day * DAY),
        notices: told.length,
        per_hour: told.length / 24,
        most_in_10_min: Math.max(0, ...periods),
        flood_periods: periods.filter((count) => count > 10).length,
        incidents: raised.length,
        chattering: raised.filter(({ reopenings }) => reopenings >= 3).length,
        stale: raised.filter((one) => (one.cleared ?? SECONDS) - one.raised > DAY).length,
      };
    });
};
