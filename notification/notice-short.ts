import { type Notice, silentOrUnwatchedSince } from '../domain/notice/notice.ts';
import { WORDS } from './locales/languages.ts';
import type { EventText, NoticeType, NoticeWords, Trouble } from './locales/notice-words.ts';
import { besideText, durationText, type Reader, shortTimeText, zoneText } from './time-text.ts';

const troubleOf = (type: NoticeType): Trouble => {
  if (type === 'OFFLINE' || type === 'ONLINE') return 'silent';
  if (type === 'DRIFTED' || type === 'SETTLED') return 'drifted';
  return type === 'UNWATCHED' || type === 'WATCHED' ? 'unwatched' : 'abnormal';
};

/** Whether a notice is of an incident, and not of what is heard or watched. */
export const isOfIncident = (type: NoticeType): boolean => troubleOf(type) === 'abnormal';

/** Whether an incident is open at the time of a notice of this type. */
export const isOpenNotice = (type: NoticeType): boolean =>
  isOfIncident(type) && type !== 'RECOVERED' && type !== 'OCCURRED';

/** The trouble that a notice is of; times in ms since the epoch, null where they are not known or not yet come. */
type Period = Readonly<{
  trouble: Trouble;
  began: number;
  /** Since when it was there again, where an incident was quiet in between; null where it was not. */
  back: number | null;
  /** When the trouble was there last, where it is gone. */
  last: number | null;
  /** When an incident was over, which is after some quiet. */
  over: number | null;
}>;

/** The ends of what is no incident. */
const ENDS: ReadonlySet<NoticeType> = new Set(['ONLINE', 'WATCHED', 'SETTLED']);

/** Since when there has been trouble, or from when to when there was; null where it is not known. */
export const periodOf = ({ output, facts }: Notice): Period | null => {
  const trouble = troubleOf(output.type);
  if (trouble !== 'abnormal') {
    const began = silentOrUnwatchedSince(output);
    const isEnd = ENDS.has(output.type);
    return began === null ? null : { trouble, began, back: null, last: isEnd ? output.at : null, over: null };
  }
  if (facts === null || facts.beganAt === null) return null;
  const { beganAt: began, backSince: back = null, endedAt: over, lastAbnormalAt } = facts;
  if (isOpenNotice(output.type)) return { trouble, began, back, last: facts.quietSince, over: null };
  return { trouble, began, back, last: lastAbnormalAt ?? over, over };
};

/** What happened and when, in a few words: with and without what can be left out. */
export type ShortText = Readonly<{ full: string; bare: string }>;

/** When what a notice tells of happened: that an incident is over or back, when it was; all else as it was noticed. */
const happenedAt = ({ output, facts }: Notice): number => {
  if (output.type === 'RECOVERED') return facts?.endedAt ?? output.at;
  return output.type === 'REOPENED' ? (facts?.backSince ?? output.at) : output.at;
};

/** The one time that names its zone. */
const zoned = (ms: number, reader: Reader): string => `${shortTimeText(ms, reader)} ${zoneText(ms, reader)}`;

const sinceText = (
  what: string,
  from: number,
  { at, note }: Readonly<{ at: number; note: string }>,
  { short }: NoticeWords,
  reader: Reader,
): ShortText => {
  const when = zoned(from, reader);
  const duration = durationText(at - from, reader.language);
  return {
    full: `${short.since(what, when, duration)}${note}`,
    bare: `${short.since(what, when, null)}${note}`,
  };
};

/** When it began that came back, beside the time at which it did; empty where it never went. */
const firstText = ({ began, back }: Period, { short }: NoticeWords, reader: Reader): string =>
  back === null ? '' : `, ${short.first(besideText(began, back, reader))}`;

/** What happened at a moment, and what it is the end or the worsening of. */
const momentText = (
  notice: Notice,
  what: string,
  note: string,
  words: NoticeWords,
  reader: Reader,
): ShortText => {
  const { short } = words;
  const moment = happenedAt(notice);
  const bare = `${short.at(what, zoned(moment, reader))}${note}`;
  const period = periodOf(notice);
  if (period === null) return { full: bare, bare };
  const { began, back, last } = period;
  const from = back ?? began;
  const beside = (ms: number): string => besideText(ms, moment, reader);
  const first = back === null ? '' : `, ${short.first(beside(began))}`;
  const duration = durationText((last ?? moment) - from, reader.language);
  switch (notice.output.type) {
    case 'REOPENED':
      return { full: `${bare}, ${short.first(beside(began))}`, bare };
    case 'ESCALATED':
      return {
        full: `${bare}, ${short.since(words.troubles.abnormal, beside(from), duration)}${first}`,
        bare,
      };
    case 'RECOVERED': {
      const lasted = last === null ? null : short.lasted(words.troubles.abnormal, beside(from), beside(last));
      return { full: lasted === null ? bare : `${bare} (${lasted}${first})`, bare };
    }
    case 'ONLINE':
    case 'WATCHED':
    case 'SETTLED':
      return { full: `${bare} (${short.lasting(words.troubles[period.trouble], duration)})`, bare };
    default:
      return { full: bare, bare };
  }
};

/** What a notice tells of and when, in a few words that follow the name of whom it is about. */
export const shortText = (notice: Notice, event: EventText, reader: Reader): ShortText => {
  const words = WORDS[reader.language ?? 'en'];
  const { output, facts } = notice;
  const { at } = output;
  const note = event.note === undefined ? '' : `, ${event.note}`;
  const quietSince = isOpenNotice(output.type) ? (facts?.quietSince ?? null) : null;
  if (quietSince !== null) return sinceText(words.quiet.short, quietSince, { at, note }, words, reader);
  const period = periodOf(notice);
  switch (output.type) {
    case 'REOPENED':
    case 'ESCALATED':
    case 'RECOVERED':
    case 'ONLINE':
    case 'WATCHED':
    case 'SETTLED':
      return momentText(notice, event.short, note, words, reader);
    case 'OCCURRED': {
      if (period === null || period.last === null)
        return momentText(notice, event.short, note, words, reader);
      const from = period.back ?? period.began;
      const to = besideText(period.last, from, reader);
      const bare = words.short.lasted(event.short, zoned(from, reader), to);
      const times = output.count > 1 ? `, ${words.times(output.count)}` : '';
      return { full: `${bare}${firstText(period, words, reader)}${note}${times}`, bare };
    }
    case 'RAISED':
    case 'SHELF_EXPIRED':
    case 'REMINDER': {
      if (period === null) return momentText(notice, event.short, note, words, reader);
      const { full, bare } = sinceText(event.short, period.back ?? period.began, { at, note }, words, reader);
      return { full: `${full}${firstText(period, words, reader)}`, bare };
    }
    // What comes and goes has done so since it began.
    case 'FLAPPING':
    case 'OFFLINE':
    case 'UNWATCHED':
    case 'DRIFTED': {
      if (period === null) return momentText(notice, event.short, note, words, reader);
      return sinceText(event.short, period.began, { at, note }, words, reader);
    }
  }
};
