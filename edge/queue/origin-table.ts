import type { Origin } from '../message/encode-message.ts';

/** The origins of queued samples by small numbers, which each sample carries instead of three texts. */
export type OriginTable = Readonly<{
  /** The number of an origin; a new one is kept with the next `save`. */
  idOf(origin: Origin): number;
  originOf(id: number): Origin;
  /** Writes new origins; within the transaction of the samples that need them. */
  save(): void;
  /** Says that the transaction of the last `save` was committed. */
  saved(): void;
}>;

/** Begins with the origins that are stored; `insert` stores another one. */
export const createOriginTable = (
  stored: Iterable<readonly [id: number, origin: Origin]>,
  insert: (id: number, origin: Origin) => void,
): OriginTable => {
  const origins = new Map<number, Origin>();
  const ids = new Map<string, number>();
  /** Senders use the same object for many samples: to look it up is cheaper than to make a key. */
  const known = new WeakMap<Origin, number>();
  let nextId = 1;
  let unsaved: number[] = [];

  function know(id: number, origin: Origin): void {
    origins.set(id, origin);
    ids.set(keyOf(origin), id);
    nextId = Math.max(nextId, id + 1);
  }

  for (const [id, origin] of stored) know(id, origin);

  return {
    idOf(origin) {
      const id = known.get(origin) ?? ids.get(keyOf(origin)) ?? nextId;
      if (id === nextId) {
        know(id, origin);
        unsaved.push(id);
      }
      known.set(origin, id);
      return id;
    },
    originOf(id) {
      const origin = origins.get(id);
      if (origin === undefined) throw new Error(`The queue holds a sample of an unknown origin, ${id}.`);
      return origin;
    },
    save() {
      for (const id of unsaved) {
        const origin = origins.get(id);
        if (origin !== undefined) insert(id, origin);
      }
    },
    saved() {
      unsaved = [];
    },
  };
};

const keyOf = ({ cylinder, boot, model }: Origin): string => `${cylinder}\n${boot}\n${model}`;
