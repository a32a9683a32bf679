import type { DatabaseSync } from 'node:sqlite';
import { type Gap, joinGaps, type TakenSample } from '../message/encode-message.ts';
import { createOriginTable, type OriginTable, type SampleTable } from './sample-table.ts';

/** A gap that is to be reported. */
export type StoredGap = Readonly<{ id: number; gap: Gap }>;

/** The gaps on disk that have not been reported yet. */
type GapTable = Readonly<{
  /** Adds a loss to what is known of its cylinder and start, or begins a new gap; within a transaction. */
  add(gap: Gap): void;
  /** Hands out all gaps; later losses begin new ones. */
  take(): readonly StoredGap[];
  delete(id: number): void;
}>;

export const createGapTable = (database: DatabaseSync): GapTable => {
  const put = database.prepare(
    `INSERT OR REPLACE INTO gap (id, cylinder, boot, from_seq, to_seq, from_t, to_t, samples)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const select = database.prepare('SELECT * FROM gap ORDER BY id');
  const remove = database.prepare('DELETE FROM gap WHERE id = ?');
  const highest = database.prepare('SELECT coalesce(max(id), 0) AS id FROM gap');
  let takenId = 0;

  function* stored(): Generator<StoredGap> {
    for (const row of select.all()) {
      const gap = {
        cylinder: String(row.cylinder),
        boot: String(row.boot),
        fromSeq: Number(row.from_seq),
        toSeq: Number(row.to_seq),
        fromT: Number(row.from_t),
        toT: Number(row.to_t),
        samples: Number(row.samples),
      };
      yield { id: Number(row.id), gap };
    }
  }

  function openGap({ cylinder, boot }: Gap): StoredGap | null {
    const isSame = ({ id, gap }: StoredGap) => id > takenId && gap.cylinder === cylinder && gap.boot === boot;
    return stored().find(isSame) ?? null;
  }

  return {
    add(gap) {
      const known = openGap(gap);
      const id = known?.id ?? Math.max(takenId, Number(highest.get()?.id)) + 1;
      const { cylinder, boot, fromSeq, toSeq, fromT, toT, samples } =
        known === null ? gap : joinGaps(known.gap, gap);
      put.run(id, cylinder, boot, fromSeq, toSeq, fromT, toT, samples);
    },
    take() {
      const gaps = [...stored()];
      takenId = Math.max(takenId, ...gaps.map(({ id }) => id));
      return gaps;
    },
    delete: (id) => void remove.run(id),
  };
};

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

/**
 * A store that ends with the process, for samples that can be read or made again. It knows a sample by the object
 * that it handed out, and grows without a bound of its own.
 */
export const createMemoryStore = (): QueueStore => ({
  origins: createOriginTable([], () => {}),
  samples: createSamples(),
  gaps: createGaps(),
  movedTo: null,
  transaction: (work) => work(),
  close: () => {},
});

/** By event time, origin and number, as on disk. */
const order = (one: TakenSample, other: TakenSample): number =>
  one.sample.t - other.sample.t || one.originId - other.originId || one.sample.seq - other.sample.seq;

const createSamples = (): SampleTable => {
  let rows: TakenSample[] = [];
  /** What lies before it was deleted: nearly always the oldest go first. */
  let head = 0;
  const deleted = new Set<TakenSample>();

  const compact = (): void => {
    for (let row = rows[head]; row !== undefined && deleted.delete(row); row = rows[head]) head += 1;
    if (2 * head <= rows.length) return;
    rows = rows.slice(head);
    head = 0;
  };

  /** The first place from `head` on whose sample is not before `t`. */
  const placeOf = (t: number): number => {
    let [low, high] = [head, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows[middle]?.sample.t ?? 0) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    insert(samples) {
      let isOrdered = true;
      for (const sample of samples) {
        const last = rows.at(-1);
        isOrdered &&= last === undefined || order(last, sample) < 0;
        rows.push(sample);
      }
      if (isOrdered) return;
      rows = rows.slice(head).sort(order);
      head = 0;
    },
    delete(samples) {
      for (const sample of samples) deleted.add(sample);
      compact();
    },
    between(fromMs, beforeMs, limit) {
      const found: TakenSample[] = [];
      for (let at = placeOf(fromMs); at < rows.length && found.length < limit; at += 1) {
        const row = rows[at];
        if (row === undefined || row.sample.t >= beforeMs) break;
        if (!deleted.has(row)) found.push(row);
      }
      return found;
    },
    newestMs: () => rows.at(-1)?.sample.t ?? null,
    count: () => rows.length - head - deleted.size,
    usedBytes: () => 0,
  };
};

const createGaps = (): GapTable => {
  const gaps = new Map<number, Gap>();
  let nextId = 1;
  let firstOpenId = 1;
  return {
    add(gap) {
      const known = gaps
        .entries()
        .find(
          ([id, { cylinder, boot }]) => id >= firstOpenId && cylinder === gap.cylinder && boot === gap.boot,
        );
      if (known === undefined) gaps.set(nextId++, gap);
      else gaps.set(known[0], joinGaps(known[1], gap));
    },
    take() {
      firstOpenId = nextId;
      return Array.from(gaps, ([id, gap]): StoredGap => ({ id, gap }));
    },
    delete: (id) => void gaps.delete(id),
  };
};
