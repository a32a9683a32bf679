import { openLedgerDatabase } from '../ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../ledger/sqlite-ledger.ts';
import { explained, transaction } from '../ledger/transaction.ts';
import type { DataFolder } from '../run/data-folder.ts';
import { inTransaction } from '../telemetry/duckdb-session.ts';
import { openDuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { timestamp } from '../telemetry/telemetry-schema.ts';

/** Tables of the telemetry with the time of a row, and what they hold. */
const TABLES = [
  ['samples', 't', 'sample'],
  ['rolled_hours', 'hour', 'rolled-up hour'],
  ['incidents', 'began_at', 'incident'],
] as const;

/** Tables of the ledger of what has been, with the time of a row. */
const PAST = [
  ['incidents', 'began_at'],
  ['course', 'at'],
  ['sent_notices', 'at'],
  ['rollups', 't'],
] as const;

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Takes out what lies after a time, ms; how much that was, by what it is. */
const cutTelemetry = async (path: string, nowMs: number): Promise<readonly string[]> => {
  const telemetry = await openDuckDbTelemetry({ path });
  try {
    return await telemetry.keep(async (connection) => {
      const taken: string[] = [];
      const now = timestamp(nowMs);
      await inTransaction(connection, async () => {
        for (const [table, time, words] of TABLES) {
          const { rowsChanged } = await connection.run(`DELETE FROM ${table} WHERE ${time} > $1`, [now]);
          if (rowsChanged > 0) taken.push(counted(rowsChanged, words));
        }
        await connection.run(
          "UPDATE retention SET rolled_until = date_trunc('hour', $1::TIMESTAMP) WHERE rolled_until > $1::TIMESTAMP",
          [now],
        );
        // The hour that was cut is rolled up anew.
        await connection.run(
          "UPDATE hours_until SET t = date_trunc('hour', $1::TIMESTAMP) WHERE t > $1::TIMESTAMP",
          [now],
        );
        if (taken.length === 0) return;
        // Which samples are stored is learnt anew from those that are left.
        await connection.run('DELETE FROM series');
        await connection.run('DELETE FROM series_until');
      });
      return taken;
    });
  } finally {
    await telemetry.close();
  }
};

/** Whose state has seen a time after `nowMs`. */
const aheadIn = async (ledger: ReturnType<typeof createSqliteLedger>, nowMs: number) => {
  const names = await ledger.names();
  const cylinders = [...(await ledger.cylinders(names.cylinders))].filter(
    ([, { record }]) => Math.max(record.statistics?.last.t ?? 0, record.alarm.lastSeenAt ?? 0) > nowMs,
  );
  const gateways = [...(await ledger.gateways(names.gateways))].filter(
    ([, { record }]) => record.lastHeardAt > nowMs,
  );
  return { cylinders: cylinders.map(([name]) => name), gateways: gateways.map(([name]) => name) };
};

/**
 * Takes out of a folder on which no pipeline runs what lies after `nowMs`, as a clock that was ahead leaves it: samples,
 * incidents, and the state of cylinders and gateways that saw such a time, which begins anew. In a line what that was.
 * Rejects with one line that says what to do.
 */
export const setClockRight = async (folder: DataFolder, nowMs: number): Promise<string> => {
  const database = openLedgerDatabase({ path: folder.ledger });
  try {
    const { cylinders, gateways } = await aheadIn(createSqliteLedger({ database }), nowMs);
    const samples = await cutTelemetry(folder.telemetry, nowMs);
    const run = (sql: string, ...values: (string | number)[]): void =>
      void database.prepare(sql).run(...values);
    explained(database, () =>
      transaction(database, () => {
        for (const name of cylinders) {
          run("DELETE FROM records WHERE kind = 'cylinder' AND name = ?", name);
          run('DELETE FROM shadow WHERE thing = ?', name);
          run('DELETE FROM outbox WHERE twin_of = ?', name);
        }
        for (const name of gateways) run("DELETE FROM records WHERE kind = 'gateway' AND name = ?", name);
        for (const [table, time] of PAST) run(`DELETE FROM ${table} WHERE ${time} > ?`, nowMs);
        run("DELETE FROM run_facts WHERE name = 'line-start' AND value > ?", nowMs);
      }),
    );
    const taken = [
      ...samples,
      ...(cylinders.length === 0 ? [] : [`the state of ${counted(cylinders.length, 'cylinder')}`]),
      ...(gateways.length === 0 ? [] : [`the state of ${counted(gateways.length, 'gateway')}`]),
    ];
    return taken.length === 0
      ? 'nothing in the data folder is ahead of this clock'
      : `taken out of the data folder, ahead of this clock: ${taken.join(', ')}`;
  } finally {
    database.close();
  }
};
