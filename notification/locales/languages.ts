import { ENGLISH } from './english.ts';
import { KOREAN } from './korean.ts';
import type { NoticeWords } from './notice-words.ts';

/** The languages in which notices are written. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words of every language: one that lacks a word does not compile. */
export const WORDS: Readonly<Record<Language, NoticeWords>> = { en: ENGLISH, ko: KOREAN };
