import { ENGLISH } from './english.ts';
import { KOREAN } from './korean.ts';
import type { Language } from './language.ts';
import type { NoticeWords } from './notice-words.ts';

/** The words of every language: one that lacks a word does not compile. */
export const WORDS: Readonly<Record<Language, NoticeWords>> = { en: ENGLISH, ko: KOREAN };
