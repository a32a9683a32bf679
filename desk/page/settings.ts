import { useLayoutEffect, useState } from 'preact/hooks';
import type { Language } from '../../notification/locales/languages.ts';

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
