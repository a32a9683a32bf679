import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { printable } from '../../domain/printable.ts';
import { titledTable } from '../../local/console/screen.ts';
import { askDataFolder } from '../../local/keep/data-socket.ts';
import { openLedgerForReading } from '../../local/ledger/open-ledger-for-reading.ts';
import { filesIn } from '../../local/run/data-folder.ts';
import { LocalError } from '../../local/run/local-error.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import { writeLine } from '../terminal/output.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a spreadsheet would run as a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@＝＋－＠]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^-(Infinity|inf)$/i;

const isInterval = (value: object): value is Readonly<{ months: unknown; days: unknown; micros: unknown }> =>
  'months' in value && 'days' in value && 'micros' in value;

const two = (value: number): string => String(value).padStart(2, '0');

const counted = (count: number, unit: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`];

/** An interval as people read it: `2 days 03:04:05`. */
const intervalText = (months: number, days: number, micros: number): string => {
  const ms = Math.round(Math.abs(micros) / 1000);
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  const part = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  const parts = [...counted(months, 'month'), ...counted(days, 'day')];
  const time = micros === 0 && parts.length > 0 ? [] : [`${micros < 0 ? '-' : ''}${clock}${part}`];
  return [...parts, ...time].join(' ');
};

/** A value as text: an interval in words, and what else has parts as JSON. */
const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return isInterval(value)
    ? intervalText(Number(value.months), Number(value.days), Number(value.micros))
    : JSON.stringify(value);
};

/** A cell of CSV that neither a terminal nor a spreadsheet obeys; JSON has what is stored, as it is. */
export const csvCell = (value: unknown): string => {
  const text = printable(valueText(value));
  const isFormula = FORMULA.test(text.replace(/^[\s�]+/, '')) && !NUMBER.test(text);
  const plain = isFormula ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that says the same, with all that a terminal would obey written as escapes. */
const jsonLine = (row: Row): string => {
  const said = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && isInterval(value) ? valueText(value) : value,
    ]),
  );
  return Array.from(JSON.stringify(said), (character) =>
    printable(character) === character ? character : escaped(character),
  ).join('');
};

/** More rows nobody reads on a terminal. */
const MAX_TABLE_ROWS = 1000;

/** A number in a table has at most four digits behind the point: what is stored is in the other formats. */
const tableCell = (value: unknown): string => {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toFixed(4)));
  return printable(valueText(value));
};

/** Takes rows and writes them as one form; `end` says how many there were. */
export type Printer = Readonly<{ row(row: Row): void; end(): number }>;

const lines = (lineOf: (row: Row, isFirst: boolean) => readonly string[]): Printer => {
  let count = 0;
  return {
    row: (row) => {
      for (const line of lineOf(row, count === 0)) writeLine(line);
      count += 1;
    },
    end: () => count,
  };
};

const table = (): Printer => {
  const rows: (readonly string[])[] = [];
  let titles: readonly string[] = [];
  let count = 0;
  return {
    row: (row) => {
      titles = Object.keys(row);
      if (count < MAX_TABLE_ROWS) rows.push(Object.values(row).map(tableCell));
      count += 1;
    },
    end: () => {
      const columns = titles.map((title, column) => ({
        title,
        right: rows.every((row) => row[column] === '' || NUMBER.test(row[column] ?? '')),
      }));
      if (count > 0) for (const line of titledTable(columns, rows)) writeLine(line);
      if (count > rows.length) writeLine(`… and ${count - rows.length} more: ask for --format csv`);
      return count;
    },
  };
};

/** The forms in which rows can be printed. */
export const printers = {
  table,
  csv: () =>
    lines((row, isFirst) => [
      ...(isFirst ? [Object.keys(row).map(csvCell).join(',')] : []),
      Object.values(row).map(csvCell).join(','),
    ]),
  json: () => lines((row) => [jsonLine(row)]),
} as const satisfies Readonly<Record<string, () => Printer>>;

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
