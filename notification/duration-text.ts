import type { Language } from './locales/language.ts';

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
