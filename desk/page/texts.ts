import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import type { Language } from '../../notification/locales/languages.ts';
import type { NoticeTerms } from '../../notification/locales/notice-words.ts';
import { besideText, durationText, type Reader, timeText } from '../../notification/time-text.ts';
import type { FleetRow } from './answers.ts';
import type { Answer } from './ask.ts';
import type { PageWords, Standing, Words } from './words/page-words.ts';

/** Fetches the words of one language: nobody loads those of the other. */
export const loadWords = async (language: Language): Promise<Words> =>
  language === 'ko'
    ? (await import('./words/korean-page.ts')).KOREAN_WORDS
    : (await import('./words/english-page.ts')).ENGLISH_WORDS;

/** What a view writes with: the words of the reader's language, and times by the plant's clock. */
export type Texts = Readonly<{
  language: Language;
  page: PageWords;
  notice: NoticeTerms;
  timeZone: string;
  /** A time, ms, without its date where it is of the same day as `now`. */
  clock(ms: number, now: number): string;
  /** A time in full. */
  full(ms: number): string;
  lasting(ms: number): string;
  /** The same without seconds, where there are minutes. */
  roughly(ms: number): string;
  severity(name: string): string;
}>;

export const textsFor = (language: Language, { page, notice }: Words, timeZone: string): Texts => {
  const reader: Reader = { timeZone, language };
  return {
    language,
    page,
    notice,
    timeZone,
    clock: (ms, now) => besideText(ms, now, reader),
    full: (ms) => timeText(ms, reader),
    lasting: (ms) => durationText(ms, language),
    roughly: (ms) => durationText(ms < 60_000 ? ms : ms - (ms % 60_000), language),
    severity: (name) => notice.severities.get(name) ?? name.toUpperCase(),
  };
};

export const TextsContext = createContext<Texts | null>(null);

export const useTexts = (): Texts => {
  const texts = useContext(TextsContext);
  if (texts === null) throw new Error('a view stands outside of the page');
  return texts;
};

/** The pipeline's clock, going on since an answer came: ms, anew every `everyMs`. */
export const useNow = ({ now, receivedAt }: Answer<unknown>, everyMs = 1000): number => {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return receivedAt === 0 ? Date.now() : now + Math.max(0, Date.now() - receivedAt);
};

const BLIND: readonly string[] = ['offline', 'unwatched', 'stale'] satisfies Standing[];

/** Whether nobody is watching it. */
export const isBlind = ({ quality }: Pick<FleetRow, 'quality'>): boolean => BLIND.includes(quality);

/** A severity that the default policy does not know is shown as the worst, so that nobody takes it lightly. */
export const standingOfSeverity = (severity: string): Standing =>
  severity === 'advisory' || severity === 'warning' ? severity : 'alarm';

const conditionStanding = (condition: string): Standing => {
  if (condition === 'SUSPECT') return 'suspect';
  return condition === 'NORMAL' ? 'normal' : 'stale';
};

/** How a cylinder stands, in one word: what nobody watches never stands as normal. */
export const standingOf = (row: FleetRow): Standing => {
  if (row.condition === 'ACTIVE') return standingOfSeverity(row.severity ?? '');
  if (row.condition === 'CLEARING') return 'clearing';
  if (row.quality === 'offline' || row.quality === 'unwatched' || row.quality === 'stale') return row.quality;
  return conditionStanding(row.condition);
};

/** Since when an incident is, or from when to when it was. */
export const spanText = (
  { beganAt, clearedAt, lastAbnormalAt }: IncidentRecord,
  now: number,
  texts: Texts,
): string => {
  if (clearedAt === null) return texts.page.since(texts.clock(beganAt, now), texts.lasting(now - beganAt));
  const end = lastAbnormalAt ?? clearedAt;
  return texts.page.fromTo(texts.clock(beganAt, now), texts.clock(end, now), texts.lasting(end - beganAt));
};

/** A name of a sensor as people call it; one that is not among the six as it is. */
export const sensorName = (sensor: string, { notice }: Texts): string => {
  const known = SENSORS.find((name): name is Sensor => name === sensor);
  return known === undefined ? sensor : notice.sensors[known];
};

/** The refusal of the twin in the reader's language; one that is not known there as it came. */
export const refusalText = (words: string, { page }: Texts): string => {
  const [, limit] = /^that is longer than the policy allows: at most (.+) \(\w+\)$/.exec(words) ?? [];
  return limit === undefined ? (page.act.refusals.get(words) ?? words) : page.act.tooLong(limit);
};
