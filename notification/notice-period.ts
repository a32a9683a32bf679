import type { Notice } from '../domain/notice/notice.ts';
import { WORDS } from './locales/languages.ts';
import type { NoticeType } from './locales/notice-words.ts';
import { durationText, type Reader, shortTimeText, timeText } from './time-text.ts';

/** Whether a notice is of an incident, and not of what is heard or watched. */
export const isOfIncident = (type: NoticeType): boolean =>
  type !== 'OFFLINE' && type !== 'ONLINE' && type !== 'UNWATCHED' && type !== 'WATCHED';

/** Whether the cylinder is abnormal at the time of a notice of this type. */
export const isAbnormal = (type: NoticeType): boolean =>
  isOfIncident(type) && type !== 'RECOVERED' && type !== 'OCCURRED';

/** When the incident of a notice began and ended, ms; null where there is none or it is not known. */
const incidentOf = ({ output, facts }: Notice): Readonly<{ began: number; ended: number | null }> | null => {
  if (!isOfIncident(output.type)) return null;
  if (facts === null || facts.beganAt === null) return null;
  return { began: facts.beganAt, ended: facts.endedAt };
};

/** Since when, or from when to when and how long; null where there is no incident or it is not known. */
export const periodText = (notice: Notice, reader: Reader): string | null => {
  const incident = incidentOf(notice);
  if (incident === null) return null;
  const { began, ended } = incident;
  const words = WORDS[reader.language ?? 'en'];
  const lasting = (until: number): string => durationText(until - began, reader.language);
  const from = timeText(began, reader);
  if (isAbnormal(notice.output.type)) return words.since(from, lasting(notice.output.at));
  return ended === null
    ? words.lasted(from, null, null)
    : words.lasted(from, timeText(ended, reader), lasting(ended));
};

/** The times of a notice for an SMS, with and without what can be left out. */
export const shortPeriods = (notice: Notice, reader: Reader): Readonly<{ full: string; bare: string }> => {
  const words = WORDS[reader.language ?? 'en'];
  const { at, type } = notice.output;
  const same = (text: string) => ({ full: text, bare: text });
  const incident = incidentOf(notice);
  if (incident === null) return same(words.atShort(shortTimeText(at, reader)));
  const from = shortTimeText(incident.began, reader);
  if (isAbnormal(type)) {
    const duration = durationText(at - incident.began, reader.language);
    return { full: words.sinceShort(from, duration), bare: words.sinceShort(from, null) };
  }
  const to = incident.ended === null ? null : shortTimeText(incident.ended, reader);
  return { full: words.lastedShort(from, to), bare: words.lastedShort(from, null) };
};
