import type { DriftFinding, Forecast, UnwatchedCause } from '../domain/alarm/state/output.ts';
import type { Advice, Deviation, Notice } from '../domain/notice/notice.ts';
import { oneLine } from './line-text.ts';
import type { Language } from './locales/languages.ts';
import type { NoticeType } from './locales/notice-words.ts';
import { periodOf } from './notice-short.ts';
import type { Reader } from './time-text.ts';

/** Stands where there is no such thing or it is not known, so that a filter can ask for that. */
export const NONE = 'none';

/** What subscriptions filter by: in every notice all of them, each a text on one line. */
export type NoticeAttributes = Readonly<{
  site: string;
  gateway: string;
  cylinder: string;
  severity: string;
  /** What happened: the notice's type. */
  kind: NoticeType;
  /** In which the texts for people are written. */
  language: Language;
}>;

const attribute = (value: string | null | undefined): string => {
  const text = oneLine(value ?? '');
  return text === '' ? NONE : text;
};

/** What a notice can be filtered by. */
export const noticeAttributes = (
  { output, facts }: Notice,
  { site, language }: Readonly<{ site: string; language: Language }>,
): NoticeAttributes => ({
  site: attribute(site),
  gateway: attribute('gateway' in output ? output.gateway : facts?.gateway),
  cylinder: attribute('cylinder' in output ? output.cylinder : null),
  severity: attribute('severity' in output ? output.severity : null),
  kind: output.type,
  language,
});

/** A notice for machines, with all that it can be filtered by. Times are ms since the epoch; null where it is not known or there is no such thing. */
export type NoticeRecord = NoticeAttributes &
  Readonly<{
    version: 1;
    id: string;
    incident: string | null;
    at: number;
    /** When the trouble began: the incident, the silence, or the time unwatched. */
    beganAt: number | null;
    /** Since when it is there again, of an incident that was reopened. */
    backSince: number | null;
    /** When it was there last, of an incident that is open still and quiet too. */
    lastAbnormalAt: number | null;
    quietSince: number | null;
    /** When it was over: an incident is so only after some quiet. */
    endedAt: number | null;
    endedByMaintenance: boolean;
    /** Share of abnormal slots in the window, 0…1, and the window's length, ms. */
    abnormalShare: number | null;
    windowMs: number | null;
    probability: number | null;
    movers: readonly Deviation[];
    advice: Advice | null;
    /** Of what occurred unseen: how often, and the latest of its incidents. */
    count: number | null;
    incidents: readonly string[];
    /** Why it is unwatched. */
    cause: UnwatchedCause | null;
    /** Where a person sees and acts upon its incident; absent where there is no desk. */
    link?: string;
    /** Of an OFFLINE: it comes and goes, and ONLINE waits until it has stayed. */
    flapping: boolean;
    /** Of DRIFTED and SETTLED: what is amiss with which sensor or with the score. */
    found?: readonly DriftFinding[];
    /** Of an open incident: the sensors have moved away from what the model knows. */
    drifted?: true;
    /** The next severity and between which times it is reached at this rate, ms. */
    forecast?: Forecast;
  }>;

/** A notice as data; it bears the attributes that subscriptions filter by, for filters on the body. */
export const noticeRecord = (
  notice: Notice,
  of: Readonly<{ site: string; language: Language }> & Pick<Reader, 'linkTo'>,
): NoticeRecord => {
  const { output, facts } = notice;
  const period = periodOf(notice);
  const isOfIncident = 'incident' in output;
  const link = of.linkTo?.(notice) ?? null;
  return {
    version: 1,
    id: output.id,
    ...noticeAttributes(notice, of),
    incident: isOfIncident ? output.incident : null,
    at: output.at,
    beganAt: period?.began ?? null,
    backSince: period?.back ?? null,
    lastAbnormalAt: isOfIncident ? (facts?.lastAbnormalAt ?? null) : null,
    quietSince: isOfIncident ? (facts?.quietSince ?? null) : null,
    endedAt: isOfIncident ? (facts?.endedAt ?? null) : (period?.last ?? null),
    endedByMaintenance: facts?.endedBy === 'maintenance',
    abnormalShare: facts?.abnormalShare ?? null,
    windowMs: facts?.windowMs ?? null,
    probability: facts?.probability ?? null,
    movers: facts?.deviations ?? [],
    advice: facts?.advice ?? null,
    count: output.type === 'OCCURRED' ? output.count : null,
    incidents: output.type === 'OCCURRED' ? output.incidents : [],
    cause: output.type === 'UNWATCHED' ? output.cause : null,
    ...(link === null ? {} : { link }),
    flapping: output.type === 'OFFLINE' && output.flapping === true,
    ...('found' in output ? { found: output.found } : {}),
    ...(facts?.drifted === true ? { drifted: true } : {}),
    ...(facts?.forecast === undefined ? {} : { forecast: facts.forecast }),
  };
};
