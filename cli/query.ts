import { join } from 'node:path';
import { Command } from 'commander';
import { printable } from '../domain/printable.ts';
import { type QueryRow, queryTelemetry } from '../local/telemetry/query-telemetry.ts';
import { writeLine } from './terminal/output.ts';

/** What a spreadsheet would run as a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@＝＋－＠]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^-(Infinity|inf)$/i;

/** A cell of CSV that neither a terminal nor a spreadsheet obeys; `--json` has what is stored, as it is. */
export const csvCell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
  const isFormula = FORMULA.test(text.replace(/^[\s�]+/, '')) && !NUMBER.test(text);
  const plain = isFormula ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** JSON that says the same, with all that a terminal would obey written as escapes. */
const jsonLine = (row: QueryRow): string =>
  Array.from(JSON.stringify(row), (character) =>
    printable(character) === character ? character : escaped(character),
  ).join('');

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('');

const printCsv = (row: QueryRow, isFirst: boolean): void => {
  if (isFirst) writeLine(Object.keys(row).map(csvCell).join(','));
  writeLine(Object.values(row).map(csvCell).join(','));
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
        if (json) writeLine(jsonLine(row));
        else printCsv(row, isFirst);
        isFirst = false;
      }
    });
