import type { Notice } from '../domain/notice/notice.ts';
import type { Language } from './locales/languages.ts';

/** For whom a notice is written. */
export type Reader = Readonly<{
  /** An IANA time zone, as `Europe/Berlin`. */
  timeZone: string;
  /** English where none is named. */
  language?: Language;
  /** The address under which the desk shows the incident of a notice, where there is a desk; null where a notice has none. */
  linkTo?: ((notice: Notice) => string | null) | undefined;
}>;

// To make a format takes a hundred times as long as to use it.
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const made = formats.get(timeZone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
};

/** A time, ms since the epoch, by the reader's clock, as `2026-11-23 12:05:30`. */
export const timeText = (ms: number, { timeZone }: Reader): string => formatOf(timeZone).format(ms);

/** A time without its year and seconds, as `11-23 12:05`. */
export const shortTimeText = (ms: number, reader: Reader): string =>
  timeText(ms, reader).replace(/^.*?(\d\d-\d\d \d\d:\d\d):\d\d$/, '$1');

const offsets = new Map<string, Intl.DateTimeFormat>();

const offsetOf = (timeZone: string): Intl.DateTimeFormat => {
  const made = offsets.get(timeZone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' });
  offsets.set(timeZone, format);
  return format;
};

/** How far the reader's clock is from UTC at a time, as `UTC+9`: the shortest that names a zone. */
export const zoneText = (ms: number, { timeZone }: Reader): string => {
  const part = offsetOf(timeZone)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName');
  const offset = (part?.value ?? '').replace('GMT', 'UTC');
  return offset === 'UTC+0' ? 'UTC' : offset;
};

/** A time beside another one of the same text: without its date where both are of one day. */
export const besideText = (ms: number, other: number, reader: Reader): string => {
  const short = shortTimeText(ms, reader);
  const isSameDay = timeText(ms, reader).split(' ')[0] === timeText(other, reader).split(' ')[0];
  return isSameDay ? short.slice(short.indexOf(' ') + 1) : short;
};

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000] as const;

/** The units from days to seconds as they stand after a number. */
const UNITS: Readonly<Record<Language, readonly string[]>> = {
  en: [' d', ' h', ' min', ' s'],
  ko: ['일', '시간', '분', '초'],
};

/** A duration in its two largest units, as `1 h 5 min`; under a second is `0 s`. */
export const durationText = (ms: number, language: Language = 'en'): string => {
  const names = UNITS[language];
  const seconds = Math.max(0, Math.round(ms / 1000)) * 1000;
  const first = UNITS_MS.findIndex((unitMs) => seconds >= unitMs);
  if (first < 0) return `0${names.at(-1)}`;
  let rest = seconds;
  const parts: string[] = [];
  UNITS_MS.slice(first, first + 2).forEach((unitMs, index) => {
    const n = Math.floor(rest / unitMs);
    rest -= n * unitMs;
    if (n > 0) parts.push(`${n}${names[first + index]}`);
  });
  return parts.join(' ');
};

/** A time in ms since the epoch as `2026-03-09 10:14:33Z`. */
export const utcText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
