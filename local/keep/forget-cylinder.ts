import type { DatabaseSync } from 'node:sqlite';
import { endOfIncident } from '../../domain/incident/incident-record.ts';
import { openLedgerDatabase } from '../ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../ledger/sqlite-ledger.ts';
import { explained, transaction } from '../ledger/transaction.ts';
import type { DataFolder } from '../run/data-folder.ts';
import { inTransaction } from '../telemetry/duckdb-session.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';

/** Where a cylinder is in the telemetry, and what it is called there. */
const TABLES = [
  ['samples', 'samples'],
  ['rolled_hours', 'hours rolled up'],
  ['incidents', 'incidents'],
] as const;

/** Where it is in the ledger; its record comes last, so that what broke off can be asked for again. */
const LEDGER = [
  ['deliveries', "subject = json_array('cylinder', ?)", 'notices that wait to be told'],
  [
    'outbox',
    "? IN (twin_of, json_extract(item, '$.notice.output.cylinder'), json_extract(item, '$.transition.cylinder'), json_extract(item, '$.incident.cylinder'))",
    'items that wait to go out',
  ],
  ['shadow', 'thing = ?', 'twin and other shadows'],
  ['incidents', 'cylinder = ?', 'incidents of the ledger'],
  ['course', 'cylinder = ?', 'steps of incidents'],
  ['sent_notices', 'cylinder = ?', 'notices that were sent'],
  ['rollups', 'cylinder = ?', 'roll-ups of five minutes'],
  ['records', "kind = 'cylinder' AND name = ?", 'state'],
] as const;

const forgetTelemetry = (telemetry: DuckDbTelemetry, cylinder: string, isForReal: boolean) =>
  telemetry.keep(async (connection) => {
    const counts: (readonly [number, string])[] = [];
    await inTransaction(connection, async () => {
      for (const [table, words] of TABLES) {
        const result = await connection.runAndReadAll(`SELECT count(*) FROM ${table} WHERE cylinder = $1`, [
          cylinder,
        ]);
        counts.push([Number(result.getRows()[0]?.[0]), words]);
        if (isForReal) await connection.run(`DELETE FROM ${table} WHERE cylinder = $1`, [cylinder]);
      }
      if (!isForReal) return;
      await connection.run("DELETE FROM series WHERE key = $1 OR starts_with(key, $1 || '/')", [cylinder]);
      await connection.run('DELETE FROM series_until WHERE cylinder = $1', [cylinder]);
      await connection.run('DELETE FROM late_hours WHERE cylinder = $1', [cylinder]);
    });
    return counts;
  });

const forgetLedger = (database: DatabaseSync, cylinder: string, isForReal: boolean) =>
  explained(database, () =>
    transaction(database, () =>
      LEDGER.map(([table, condition, words]) => {
        const row = database.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`).get(cylinder);
        if (isForReal) database.prepare(`DELETE FROM ${table} WHERE ${condition}`).run(cylinder);
        return [Number(row?.n), words] as const;
      }),
    ),
  );

/**
 * Removes a cylinder for good from both stores of a folder on which no pipeline runs or, where `isForReal` is false, only
 * looks. In words what that is; null where neither knows it. Rejects with one line that says what to do.
 */
export const forgetCylinder = async (
  folder: DataFolder,
  cylinder: string,
  isForReal: boolean,
): Promise<readonly string[] | null> => {
  const database = openLedgerDatabase({ path: folder.ledger });
  try {
    const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
    try {
      const record = (await createSqliteLedger({ database }).cylinders([cylinder])).get(cylinder)?.record;
      const incident = record?.alarm.incident ?? null;
      const open =
        incident === null || endOfIncident(incident) !== null ? [] : [`its open incident ${incident.id}`];
      const stored = await forgetTelemetry(telemetry, cylinder, isForReal);
      const counts = [...stored, ...forgetLedger(database, cylinder, isForReal)].filter(
        ([count]) => count > 0,
      );
      return counts.length === 0 ? null : [...counts.map(([count, words]) => `${words} (${count})`), ...open];
    } finally {
      await telemetry.close();
    }
  } finally {
    database.close();
  }
};
