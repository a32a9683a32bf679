import { useLayoutEffect, useState } from 'preact/hooks';

/** A value that views look at: each that does is drawn again once it is another. */
export type Store<T> = Readonly<{
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
