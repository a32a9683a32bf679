import type { DatabaseSync } from 'node:sqlite';
import type { Origin } from '../message/queued-sample.ts';

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

export const createOriginTable = (database: DatabaseSync): OriginTable => {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO origin (id, cylinder, boot, model) VALUES (?, ?, ?, ?)',
  );
  const origins = new Map<number, Origin>();
  const ids = new Map<string, number>();
  let nextId = 1;
  let unsaved: number[] = [];

  function know(id: number, origin: Origin): void {
    origins.set(id, origin);
    ids.set(keyOf(origin), id);
    nextId = Math.max(nextId, id + 1);
  }

  for (const { id, cylinder, boot, model } of database.prepare('SELECT * FROM origin').iterate()) {
    know(Number(id), { cylinder: String(cylinder), boot: String(boot), model: String(model) });
  }

  return {
    idOf(origin) {
      const known = ids.get(keyOf(origin));
      if (known !== undefined) return known;
      const id = nextId;
      know(id, origin);
      unsaved.push(id);
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
        if (origin !== undefined) insert.run(id, origin.cylinder, origin.boot, origin.model);
      }
    },
    saved() {
      unsaved = [];
    },
  };
};

const keyOf = ({ cylinder, boot, model }: Origin): string => `${cylinder}\n${boot}\n${model}`;
