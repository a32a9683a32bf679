import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { askDataFolder } from '../../local/keep/data-socket.ts';
import { openLedgerForReading } from '../../local/ledger/open-ledger-for-reading.ts';
import { filesIn } from '../../local/run/data-folder.ts';
import { LocalError } from '../../local/run/local-error.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import type { Row } from './print-rows.ts';

/** Which data folder is asked, and how long a pipeline that runs on it may take, ms. */
export type StoreQuestion = Readonly<{ data: string; timeoutMs: number }>;

/** Asks a store one statement: rows as they are found. */
export type AskStore = (sql: string) => AsyncIterable<Row>;

const rowsSchema = v.array(v.record(v.string(), v.unknown()));

/** Asks the pipeline that runs on a data folder or, where none does, its files. */
export const askLocally = ({ data, timeoutMs }: StoreQuestion): AskStore =>
  async function* (sql) {
    try {
      const question = { ask: 'query', with: { sql, timeoutMs } };
      for await (const rows of askDataFolder(data, question)) yield* v.parse(rowsSchema, rows);
      return;
    } catch (error) {
      if (!(error instanceof LocalError) || error.code !== 'NotRunning') throw error;
    }
    const { ledger: path, telemetry } = filesIn(data);
    const ledger = existsSync(path) ? openLedgerForReading({ path }) : null;
    try {
      yield* queryTelemetry(telemetry, sql, ledger?.database ?? null);
    } finally {
      ledger?.close();
    }
  };
