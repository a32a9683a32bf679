type Waiting<T, R> = Readonly<{
  item: T;
  resolve: (result: R | PromiseLike<R>) => void;
  reject: (reason: unknown) => void;
}>;

/** Does together all that is asked for in one turn: `work` gets the items in their order, and gives a result for each, or one to come. */
export const gathered = <T, R>(
  work: (items: readonly T[]) => readonly (R | PromiseLike<R>)[],
): ((item: T) => Promise<R>) => {
  let waiting: Waiting<T, R>[] = [];
  const workThem = (): void => {
    const group = waiting;
    waiting = [];
    try {
      for (const [index, result] of work(group.map(({ item }) => item)).entries())
        group[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length === 1) queueMicrotask(workThem);
    });
};
