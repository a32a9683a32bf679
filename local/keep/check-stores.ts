import { rmSync, statSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { newestSampleMs } from '../../domain/cylinder/cylinder-record.ts';
import { openLedgerForReading } from '../ledger/open-ledger-for-reading.ts';
import { createSqliteDeliveries } from '../ledger/sqlite-deliveries.ts';
import { createSqliteLedger } from '../ledger/sqlite-ledger.ts';
import { createSqliteQuarantine } from '../quarantine/sqlite-quarantine.ts';
import type { DataFolder } from '../run/data-folder.ts';
import { LocalError } from '../run/local-error.ts';
import { duckDbError, openDuckDb, readRows } from '../telemetry/open-duckdb.ts';

export type Store = 'ledger' | 'telemetry';

const isEmpty = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;

const hasSamples = async (path: string): Promise<boolean> => {
  const store = await openDuckDb(path);
  try {
    return (await store.reader.runAndReadAll('SELECT 1 FROM samples LIMIT 1')).currentRowCount > 0;
  } finally {
    store.letGo();
  }
};

/**
 * Refuses a ledger that would be made anew beside stored samples, unless that was asked for: before the ledger is
 * opened, since opening makes it. Rejects with one line that says what to do.
 */
export const refuseNewLedger = async (
  { ledger, telemetry }: DataFolder,
  asked: Store | null,
): Promise<void> => {
  if (asked === 'ledger' || !isEmpty(ledger) || isEmpty(telemetry) || !(await hasSamples(telemetry))) return;
  throw new LocalError(
    'LedgerLost',
    `The ledger ${ledger} is empty or missing, but ${telemetry} holds samples: put both from one backup in their place, or begin every alarm, twin and notice anew with --new-store ledger.`,
  );
};

/**
 * The same for a telemetry store beside a ledger that has seen samples; before the store is opened. A file without a
 * byte, as a kill at the very first start leaves one, makes room for a store.
 */
export const refuseNewTelemetry = (
  { ledger, telemetry }: DataFolder,
  lastSeenMs: number | null,
  asked: Store | null,
): void => {
  if (!isEmpty(telemetry)) return;
  if (asked === 'telemetry' || lastSeenMs === null) {
    rmSync(telemetry, { force: true });
    return;
  }
  throw new LocalError(
    'TelemetryLost',
    `The telemetry store ${telemetry} is empty or missing, but ${ledger} has seen samples until ${new Date(lastSeenMs).toISOString()}: put both from one backup in their place, or go on without the samples with --new-store telemetry.`,
  );
};

export type Finding = Readonly<{ isSound: boolean; words: string }>;

/** How many rows are read in one go, so that what is found is said soon. */
const ROWS_AT_ONCE = 2_000_000;

const time = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString());

const checkLedger = async (
  path: string,
): Promise<Readonly<{ finding: Finding; lastSeenMs: number | null }>> => {
  const { database, close } = openLedgerForReading({ path });
  try {
    const faults = database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(Object.values(row)[0]));
    if (faults[0] !== 'ok')
      return { finding: { isSound: false, words: `ledger ${path}: ${faults[0]}` }, lastSeenMs: null };
    const ledger = createSqliteLedger({ database });
    const names = await ledger.names();
    // Read with all that they hold: a record that this program does not understand is a fault as well.
    const cylinders = await ledger.cylinders(names.cylinders);
    const gateways = await ledger.gateways(names.gateways);
    const waiting = (await ledger.pending(Number.MAX_SAFE_INTEGER)).length;
    const deliveries = [...createSqliteDeliveries(database).waiting().values()].reduce(
      (sum, n) => sum + n,
      0,
    );
    const quarantined = createSqliteQuarantine({ database }).count();
    return {
      finding: {
        isSound: true,
        words: `ledger ${path}: ${cylinders.size} cylinders, ${gateways.size} gateways, ${waiting + deliveries} to go out, ${quarantined} in quarantine`,
      },
      lastSeenMs: newestSampleMs([...cylinders.values()].map(({ record }) => record)),
    };
  } finally {
    close();
  }
};

const rowsOf = async (connection: DuckDBConnection, sql: string): Promise<readonly number[]> =>
  ((await connection.runAndReadAll(sql)).getRows()[0] ?? []).map(Number);

const checkTelemetry = async (
  path: string,
): Promise<Readonly<{ finding: Finding; newestMs: number | null }>> => {
  if (isEmpty(path))
    return { finding: { isSound: false, words: `telemetry ${path}: empty or missing` }, newestMs: null };
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', threads: '1' });
  const connection = await instance.connect();
  try {
    const [last = 0] = await rowsOf(connection, 'SELECT max(rowid) FROM samples');
    for (let first = 0; first <= last; first += ROWS_AT_ONCE) await readRows(connection, first, ROWS_AT_ONCE);
    const [count = 0, oldest = 0, newest = 0] = await rowsOf(
      connection,
      'SELECT count(*), epoch_ms(min(t)), epoch_ms(max(t)) FROM samples',
    );
    const [incidents = 0] = await rowsOf(
      connection,
      'SELECT count(*), bit_xor(hash(incidents)) FROM incidents',
    );
    // A folder of an earlier version has no hours yet.
    const [isRolled] = await rowsOf(
      connection,
      "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'rolled_hours'",
    );
    const [hours = 0] =
      isRolled === 0
        ? []
        : await rowsOf(connection, 'SELECT count(*), bit_xor(hash(rolled_hours)) FROM rolled_hours');
    const span = count === 0 ? '' : ` from ${time(oldest)} to ${time(newest)}`;
    const words = `telemetry ${path}: ${count} samples${span}, ${hours} hours rolled up, ${incidents} incidents`;
    return { finding: { isSound: true, words }, newestMs: count === 0 ? null : newest };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

/** Reads both stores of a folder on which no pipeline runs, all that is in them, and says of each how it is. Rejects where one is in use. */
export async function* checkStores({ ledger, telemetry }: DataFolder): AsyncGenerator<Finding, void> {
  const unsound = (error: unknown): Finding => {
    if (error instanceof LocalError && error.code === 'InUse') throw error;
    return { isSound: false, words: error instanceof Error ? error.message : String(error) };
  };
  const isNewLedger = isEmpty(ledger);
  const inLedger = await checkLedger(ledger).catch((error: unknown) => ({
    finding: unsound(error),
    lastSeenMs: null,
  }));
  yield inLedger.finding;
  const inTelemetry = await checkTelemetry(telemetry).catch((error: unknown) => ({
    finding: unsound(duckDbError(telemetry, error)),
    newestMs: null,
  }));
  yield inTelemetry.finding;
  const { lastSeenMs } = inLedger;
  const { newestMs } = inTelemetry;
  if (inLedger.finding.isSound && isNewLedger && newestMs !== null)
    yield { isSound: false, words: `ledger ${ledger}: empty, beside stored samples` };
  if (inTelemetry.finding.isSound && lastSeenMs !== null && (newestMs === null || newestMs < lastSeenMs))
    yield {
      isSound: false,
      words: `the ledger has seen samples until ${time(lastSeenMs)}, of which the newest stored is of ${time(newestMs)}: was one of the two files put there from another time?`,
    };
}
