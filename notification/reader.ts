import type { Language } from './locales/language.ts';

/** For whom a notice is written. */
export type Reader = Readonly<{
  /** An IANA time zone, as `Europe/Berlin`. */
  timeZone: string;
  /** English where none is named. */
  language?: Language;
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
