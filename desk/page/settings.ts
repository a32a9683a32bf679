import { useLayoutEffect, useState } from 'preact/hooks';
import type { Language } from '../../notification/locales/languages.ts';
import { timeText } from '../../notification/time-text.ts';

/** A value that views look at: each that does is drawn again once it is another. */
type Store<T> = Readonly<{
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}>;

export const createStore = <T>(initial: T): Store<T> => {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};

/** What a store holds, for as long as the view is shown. */
export const useStore = <T>(store: Store<T>): T => {
  const [, draw] = useState(0);
  useLayoutEffect(() => store.subscribe(() => draw((count) => count + 1)), [store]);
  return store.get();
};

/** What a person has chosen on this device, kept there. Empty or null where nothing was chosen. */
export type Settings = Readonly<{
  language: Language | null;
  theme: 'light' | 'dark' | null;
  /** Under which name this device acts. */
  name: string;
  /** When shifts change, as `06:00`, by the plant's clock. */
  shifts: readonly string[];
}>;

const KEY = 'desk';
const DEFAULT_SHIFTS = ['06:00', '14:00', '22:00'];

const readKept = (): Record<string, unknown> => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  } catch {
    // A browser that keeps nothing, or something else under our key: as if nothing had been chosen.
    return {};
  }
};

const isShift = (value: unknown): value is string => typeof value === 'string' && /^\d\d:\d\d$/.test(value);

const readSettings = (): Settings => {
  const { language, theme, name, shifts } = readKept();
  const kept = Array.isArray(shifts) ? shifts.filter(isShift) : [];
  return {
    language: language === 'en' || language === 'ko' ? language : null,
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    name: typeof name === 'string' ? name : '',
    shifts: kept.length === 0 ? DEFAULT_SHIFTS : kept,
  };
};

export const settings = createStore<Settings>(readSettings());

/** Changes some of the settings, and keeps them where the browser lets us. */
export const choose = (changes: Partial<Settings>): void => {
  settings.set({ ...settings.get(), ...changes });
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.get()));
  } catch {
    // They hold until the page is closed.
  }
};

/** The language of the page: the chosen one, else the first of the browser's that there is. */
export const languageOf = ({ language }: Settings): Language => {
  if (language !== null) return language;
  for (const wanted of navigator.languages) {
    if (wanted.startsWith('ko')) return 'ko';
    if (wanted.startsWith('en')) return 'en';
  }
  return 'en';
};

const MINUTE_MS = 60_000;

/** How far the plant's clock is from UTC at a time, ms. */
const offsetAt = (ms: number, timeZone: string): number => {
  const second = Math.floor(ms / 1000) * 1000;
  return Date.parse(`${timeText(second, { timeZone }).replace(' ', 'T')}Z`) - second;
};

/** When the plant's clock shows a local time as `2026-11-23T06:00`, ms since the epoch. */
export const plantTime = (local: string, timeZone: string): number => {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  const guess = asUtc - offsetAt(asUtc, timeZone);
  // The offset may be another one there, where a clock is changed between the two.
  return asUtc - offsetAt(guess, timeZone);
};

/** A time as the plant's clock shows it, in the form of a field for date and time. */
export const plantLocal = (ms: number, timeZone: string): string =>
  timeText(ms, { timeZone }).slice(0, 16).replace(' ', 'T');

/** When a day as `2026-11-23` begins at the plant. */
export const dayStart = (day: string, timeZone: string): number => plantTime(`${day}T00:00`, timeZone);

/** The next change of shifts, ms: times of the day by the plant's clock, as `06:00`; at least ten minutes away. */
export const shiftEnd = (now: number, shifts: readonly string[], timeZone: string): number => {
  const days = [now, now + 86_400_000].map((ms) => plantLocal(ms, timeZone).slice(0, 10));
  const changes = days.flatMap((day) => shifts.map((time) => plantTime(`${day}T${time}`, timeZone)));
  const next = changes.filter((ms) => ms >= now + 10 * MINUTE_MS).toSorted((a, b) => a - b)[0];
  return next ?? now + 8 * 60 * MINUTE_MS;
};
