import type { Notice } from '../domain/notice/notice.ts';
import { WORDS } from './locales/languages.ts';
import { periodOf } from './notice-trouble.ts';
import { durationText, type Reader, timeText } from './time-text.ts';

/** Since when, or from when to when, and how long; null where it is not known. */
export const periodText = (notice: Notice, reader: Reader): string | null => {
  const period = periodOf(notice);
  if (period === null) return null;
  const { trouble, began, last, over } = period;
  const { since, first, lasted, overAt, troubles } = WORDS[reader.language ?? 'en'];
  const { at, type } = notice.output;
  const from = timeText(began, reader);
  const lasting = (until: number): string => durationText(until - began, reader.language);
  const isOver = type === 'RECOVERED' || type === 'OCCURRED';
  if (last === null && (type === 'REOPENED' || type === 'FLAPPING')) return first(from, lasting(at));
  if (last === null) return since(troubles[trouble], from, isOver ? null : lasting(at));
  const text = lasted(troubles[trouble], from, timeText(last, reader), lasting(last));
  return over === null ? text : `${text}, ${overAt(timeText(over, reader))}`;
};
