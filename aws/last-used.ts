/** Values that were used last, at most so many: what a warm function need not ask for again. */
export type LastUsed<T> = Readonly<{
  get(name: string): T | undefined;
  set(name: string, value: T): void;
  forget(name: string): void;
}>;

export const lastUsed = <T>(atMost: number): LastUsed<T> => {
  // A map keeps the order of insertion, so the value that was used longest ago comes first.
  const values = new Map<string, T>();
  const set = (name: string, value: T): void => {
    values.delete(name);
    values.set(name, value);
    const [oldest] = values.keys();
    if (values.size > atMost && oldest !== undefined) values.delete(oldest);
  };
  return {
    set,
    get: (name) => {
      const value = values.get(name);
      if (value !== undefined) set(name, value);
      return value;
    },
    forget: (name) => void values.delete(name),
  };
};
