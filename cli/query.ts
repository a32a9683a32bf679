import { join } from 'node:path';
import { Command } from 'commander';
import { type QueryRow, queryTelemetry } from '../local/telemetry/query-telemetry.ts';
import { writeLine } from './terminal/output.ts';

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const printCsv = (row: QueryRow, isFirst: boolean): void => {
  if (isFirst) writeLine(Object.keys(row).map(cell).join(','));
  writeLine(Object.values(row).map(cell).join(','));
};

/** `sentinel query "SELECT …"`: ask what has been stored. */
export const queryCommand = (): Command =>
  new Command('query')
    .description('ask the telemetry of a data folder in SQL, as CSV; not while a pipeline runs on it')
    .argument('<sql>', 'one statement; the tables are samples and incidents, times are in UTC')
    .option('--data <folder>', 'the data folder', 'sentinel-data')
    .option('--json', 'JSON lines instead of CSV')
    .action(async (sql: string, { data, json = false }: Readonly<{ data: string; json?: boolean }>) => {
      let isFirst = true;
      for await (const row of queryTelemetry(join(data, 'telemetry.duckdb'), sql)) {
        if (json) writeLine(JSON.stringify(row));
        else printCsv(row, isFirst);
        isFirst = false;
      }
    });
