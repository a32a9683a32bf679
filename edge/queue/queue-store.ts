import type { GapTable } from './gap-table.ts';
import type { OriginTable } from './origin-table.ts';
import type { SampleTable } from './sample-table.ts';

/** What a queue keeps its samples in: a file, or memory. */
export type QueueStore = Readonly<{
  origins: OriginTable;
  samples: SampleTable;
  gaps: GapTable;
  /** Where a damaged file was put when a new one had to be begun. */
  movedTo: string | null;
  /** Does work as a whole, which is kept when this returns; when it throws, nothing was. */
  transaction(work: () => void): void;
  close(): void;
}>;
