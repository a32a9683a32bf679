import { ENGLISH_SENTENCES, ENGLISH_TERMS } from './english.ts';
import { KOREAN_SENTENCES, KOREAN_TERMS } from './korean.ts';
import type { NoticeWords } from './notice-words.ts';

/** The languages in which notices are written. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words of every language: one that lacks a word does not compile. */
export const WORDS: Readonly<Record<Language, NoticeWords>> = {
  en: { ...ENGLISH_TERMS, ...ENGLISH_SENTENCES },
  ko: { ...KOREAN_TERMS, ...KOREAN_SENTENCES },
};
