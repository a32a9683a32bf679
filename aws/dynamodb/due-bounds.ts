import { lastUsed } from '../last-used.ts';

/**
 * The index is written anew only where the time that is due lies this far ahead. A move within an index costs two write
 * units, a look at a record that is not due yet half a read unit, a tenth of one's price, once a minute: twenty looks are
 * what a move costs. What is heard all the time is due within a minute and a half, over and over: it never moves.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
const WORTH_A_MOVE_MS = 20 * 60_000;

/** Partitions remembered, a hundred bytes each. */
const MAX_REMEMBERED = 10_000;

/** The lower bounds of due times, ms, that stand in the index as far as is remembered; what is forgotten is written anew. */
export type DueBounds = Readonly<{
  seen(partition: string, bound: number | null): void;
  /** What shall stand in the index for a record that is due then, as it is saved at `now`, ms. */
  boundFor(partition: string, dueAt: number | null, now: number): number | null;
}>;

export const createDueBounds = (): DueBounds => {
  const bounds = lastUsed<number>(MAX_REMEMBERED);
  return {
    seen: (partition, bound) => (bound === null ? bounds.forget(partition) : bounds.set(partition, bound)),
    boundFor: (partition, dueAt, now) => {
      if (dueAt === null) return null;
      const bound = bounds.get(partition);
      return bound !== undefined && bound <= dueAt && dueAt < now + WORTH_A_MOVE_MS ? bound : dueAt;
    },
  };
};
