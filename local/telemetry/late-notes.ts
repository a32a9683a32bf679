import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { hourOf } from './first-hour.ts';

/** The number of the last note that a store holds; 0 where it holds none. */
export const lastNote = async (connection: DuckDBConnection): Promise<number> =>
  Number((await connection.runAndReadAll('SELECT max(noted) FROM late_hours')).getRows()[0]?.[0] ?? 0);

/**
 * Notes which hours, rolled up until `untilMs`, samples come late for: each hour of a cylinder once under each number, so
 * that what was noted before an hour is rolled up anew can be told from what came while it was.
 */
export const lateNotes = (untilMs: number, last: number) => {
  let until = untilMs;
  let number = last + 1;
  const noted = new Set<string>();
  return {
    /** From then on samples before that time, ms, are late as well; the number of the notes to come. */
    before(ms: number): number {
      until = Math.max(until, ms);
      number += 1;
      noted.clear();
      return number;
    },
    /** To be called where a write failed, after which nobody knows what is noted. */
    forget(): void {
      noted.clear();
    },
    /** Notes, within the transaction that stores samples, the hours of those that are late. */
    async note(writer: DuckDBConnection, samples: readonly StoredSample[]): Promise<void> {
      const cylinders: string[] = [];
      const hours: bigint[] = [];
      for (const { cylinder, t } of samples) {
        if (t >= until) continue;
        const hour = hourOf(t);
        const key = `${hour} ${cylinder}`;
        if (noted.has(key)) continue;
        noted.add(key);
        cylinders.push(cylinder);
        hours.push(BigInt(hour));
      }
      if (cylinders.length === 0) return;
      await writer.run(
        `INSERT INTO late_hours SELECT unnest($1), epoch_ms(unnest($2)), ${number}`,
        [listValue(cylinders), listValue(hours)],
        [LIST(VARCHAR), LIST(BIGINT)],
      );
    },
  };
};
