import type { DatabaseSync } from 'node:sqlite';
import { type Gap, joinGaps } from '../message/encode-message.ts';

/** A gap that is to be reported. */
export type StoredGap = Readonly<{ id: number; gap: Gap }>;

/** The gaps on disk that have not been reported yet. */
export type GapTable = Readonly<{
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
