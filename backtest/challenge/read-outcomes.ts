import { DuckDBInstance } from '@duckdb/node-api';
import type { KnownOutcome } from './evidence.ts';

/** What says which model is right: planned work does not, and of what nobody closed nobody knows. */
export const TELLING_OUTCOMES: readonly string[] = ['fault', 'no-fault-found', 'sensor'];

const CLOSED = `
  SELECT cylinder, epoch_ms(began_at), epoch_ms(coalesce(cleared_at, closed_at, raised_at)), outcome
  FROM incidents WHERE outcome IN (${TELLING_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ')}) ORDER BY began_at`;

/** Reads the outcomes out of the telemetry store of a pipeline that is not running. */
export const readOutcomes = async (file: string): Promise<readonly KnownOutcome[]> => {
  const instance = await DuckDBInstance.create(file, {
    access_mode: 'READ_ONLY',
    threads: '1',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const columns = await connection.runAndReadAll(
      "SELECT 1 FROM duckdb_columns() WHERE table_name = 'incidents' AND column_name = 'closed_at'",
    );
    const sql = columns.currentRowCount > 0 ? CLOSED : CLOSED.replace('closed_at, ', '');
    return (await connection.runAndReadAll(sql)).getRows().map(([cylinder, from, to, outcome]) => ({
      cylinder: String(cylinder),
      fromMs: Number(from),
      toMs: Number(to),
      outcome: String(outcome),
    }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
