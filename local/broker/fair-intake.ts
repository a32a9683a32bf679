type Bound = Readonly<{ messages: number; bytes: number }>;
type Start = () => void;

/** Lets a task of a client begin when there is room and it is that client's turn; resolves or rejects as the task does. */
export type FairIntake = <T>(client: object | string, bytes: number, task: () => Promise<T>) => Promise<T>;

/**
 * Bounds what is under way, and takes what waits from each client in turn, in that client's order: whoever sends a flood
 * waits behind it, and others wait for what is under way and no longer.
 */
export const createFairIntake = (bound: Bound): FairIntake => {
  const queues = new Map<object | string, Start[]>();
  let messages = 0;
  let bytes = 0;

  const hasRoom = (): boolean => messages === 0 || (messages < bound.messages && bytes < bound.bytes);
  const begin = (): void => {
    while (hasRoom()) {
      const [first] = queues;
      if (first === undefined) return;
      const [client, queue] = first;
      const next = queue.shift();
      queues.delete(client);
      // To the end of the line: the others come first.
      if (queue.length > 0) queues.set(client, queue);
      next?.();
    }
  };

  return async (client, size, task) => {
    if (!hasRoom() || queues.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const start = (): void => {
        messages += 1;
        bytes += size;
        resolve();
      };
      const queue = queues.get(client);
      if (queue === undefined) queues.set(client, [start]);
      else queue.push(start);
      await promise;
    } else {
      messages += 1;
      bytes += size;
    }
    try {
      return await task();
    } finally {
      messages -= 1;
      bytes -= size;
      begin();
    }
  };
};
