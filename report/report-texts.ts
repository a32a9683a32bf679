import { type Language, WORDS } from '../notification/locales/languages.ts';
import type { NoticeTerms } from '../notification/locales/notice-words.ts';
import { besideText, durationText, timeText } from '../notification/time-text.ts';
import { ENGLISH_REPORT } from './words/english-report.ts';
import { KOREAN_REPORT } from './words/korean-report.ts';
import type { ReportWords } from './words/report-words.ts';

const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = { en: ENGLISH_REPORT, ko: KOREAN_REPORT };

const UNKNOWN = '–';

/** What a report writes with, in one language: days and times are UTC, as the days of the saved queries are. */
export type ReportTexts = Readonly<{
  language: Language;
  words: ReportWords;
  notice: NoticeTerms;
  number(value: number | null, digits?: number): string;
  percent(share: number | null, digits?: number): string;
  time(ms: number | null): string;
  /** A time, without its date where it is of the same day as another. */
  beside(ms: number | null, other: number | null): string;
  day(ms: number | null): string;
  lasting(ms: number | null): string;
  severity(name: string): string;
}>;

export const textsFor = (language: Language): ReportTexts => {
  const reader = { timeZone: 'UTC', language };
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
  const number = (value: number | null, digits = 0): string =>
    value === null
      ? UNKNOWN
      : value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const time = (ms: number | null): string => (ms === null ? UNKNOWN : timeText(ms, reader).slice(0, 16));
  return {
    language,
    words: REPORT_WORDS[language],
    notice: WORDS[language],
    number,
    percent: (share, digits = 1) => (share === null ? UNKNOWN : `${number(share * 100, digits)} %`),
    time,
    beside: (ms, other) => (ms === null || other === null ? time(ms) : besideText(ms, other, reader)),
    day: (ms) => (ms === null ? UNKNOWN : timeText(ms, reader).slice(0, 10)),
    lasting: (ms) => (ms === null ? UNKNOWN : durationText(ms, language)),
    severity: (name) => WORDS[language].severities.get(name) ?? name.toUpperCase(),
  };
};
