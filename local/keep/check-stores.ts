import { rmSync, statSync } from 'node:fs';
import type { DataFolder } from '../run/data-folder.ts';
import { LocalError } from '../run/local-error.ts';
import { openDuckDb } from '../telemetry/open-duckdb.ts';

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
