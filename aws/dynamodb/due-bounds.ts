import { lastUsed } from '../last-used.ts';

/**
 * How far the time that is due may lie after the one in the index. The index is written anew only where it lies
 * further: a move within an index costs two writes, a look at a cylinder that is not due yet half a read.
 */
export const KEPT_FOR_MS = 600_000;

/** Partitions remembered, a hundred bytes each. */
const MAX_REMEMBERED = 10_000;

/** The lower bounds of due times, ms, that stand in the index as far as is remembered; what is forgotten is written anew. */
export type DueBounds = Readonly<{
  seen(partition: string, bound: number | null): void;
  /** What shall stand in the index for a record that is due then. */
  boundFor(partition: string, dueAt: number | null): number | null;
}>;

export const createDueBounds = (): DueBounds => {
  const bounds = lastUsed<number>(MAX_REMEMBERED);
  return {
    seen: (partition, bound) => (bound === null ? bounds.forget(partition) : bounds.set(partition, bound)),
    boundFor: (partition, dueAt) => {
      if (dueAt === null) return null;
      const bound = bounds.get(partition);
      return bound !== undefined && bound <= dueAt && dueAt < bound + KEPT_FOR_MS ? bound : dueAt;
    },
  };
};
