import type { Notice } from '../domain/notice/notice.ts';
import { WORDS } from './locales/languages.ts';
import { periodOf } from './notice-trouble.ts';
import { durationText, type Reader, timeText } from './time-text.ts';

/** Since when, or from when to when, and how long; of what came back, its latest stretch and when it began. Null where it is not known. */
export const periodText = (notice: Notice, reader: Reader): string | null => {
  const period = periodOf(notice);
  if (period === null) return null;
  const { trouble, began, back, last, over } = period;
  const { since, first, again, lasted, overAt, troubles, short } = WORDS[reader.language ?? 'en'];
  const { at, type } = notice.output;
  const from = timeText(back ?? began, reader);
  const lasting = (until: number): string => durationText(until - (back ?? began), reader.language);
  const isOver = type === 'RECOVERED' || type === 'OCCURRED';
  if (last === null && !isOver && back !== null) return again(timeText(began, reader), from, lasting(at));
  if (last === null && (type === 'REOPENED' || type === 'FLAPPING')) return first(from, lasting(at));
  return [
    last === null
      ? since(troubles[trouble], from, isOver ? null : lasting(at))
      : lasted(troubles[trouble], from, timeText(last, reader), lasting(last)),
    back === null ? null : short.first(timeText(began, reader)),
    last === null || over === null ? null : overAt(timeText(over, reader)),
  ]
    .filter((part) => part !== null)
    .join(', ');
};
