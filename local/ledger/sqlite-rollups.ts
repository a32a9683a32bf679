import type { DatabaseSync } from 'node:sqlite';
import {
  ROLLUP_MS,
  type Rollup,
  type RollupFigures,
  readRollup,
  startOfRollup,
} from '../../domain/cylinder/rollup.ts';
import { explained } from './transaction.ts';

/** So long a roll-up is kept, ms. */
const KEPT_MS = 8 * 86_400_000;
/** What is older goes with the roll-ups of each full hour. */
const SWEEP_EVERY_MS = 3_600_000;

/** The roll-ups in the ledger's file. */
export const sqliteRollups = (database: DatabaseSync) => {
  const insert = database.prepare('INSERT OR REPLACE INTO rollups (cylinder, t, rollup) VALUES (?, ?, ?)');
  const sweep = database.prepare('DELETE FROM rollups WHERE t < ?');
  const select = database.prepare(
    'SELECT rollup FROM rollups WHERE cylinder = ? AND t > ? AND t <= ? ORDER BY t LIMIT 5000',
  );
  return {
    /** Belongs into the transaction of a save. */
    put: (cylinder: string, rollup: Rollup): void => {
      const t = startOfRollup(rollup);
      insert.run(cylinder, t, rollup);
      if (t % SWEEP_EVERY_MS === 0) sweep.run(t - KEPT_MS);
    },
    /** Those of which some part lies between two times, ms, the earliest first. */
    read: (cylinder: string, from: number, to: number): readonly RollupFigures[] =>
      explained(database, () =>
        select.all(cylinder, from - ROLLUP_MS, to).flatMap(({ rollup }) => readRollup(String(rollup)) ?? []),
      ),
  };
};
