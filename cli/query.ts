import { Command } from 'commander';
import * as v from 'valibot';
import { printable } from '../domain/printable.ts';
import { askDataFolder } from '../local/keep/data-socket.ts';
import { filesIn } from '../local/run/data-folder.ts';
import { LocalError } from '../local/run/local-error.ts';
import { queryTelemetry } from '../local/telemetry/query-telemetry.ts';
import { duration } from './options/option-value.ts';
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

type Row = Readonly<Record<string, unknown>>;

/** JSON that says the same, with all that a terminal would obey written as escapes. */
const jsonLine = (row: Row): string =>
  Array.from(JSON.stringify(row), (character) =>
    printable(character) === character ? character : escaped(character),
  ).join('');

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('');

const printCsv = (row: Row, isFirst: boolean): void => {
  if (isFirst) writeLine(Object.keys(row).map(csvCell).join(','));
  writeLine(Object.values(row).map(csvCell).join(','));
};

/** `timeout` in ms. */
type QueryOptions = Readonly<{ data: string; json?: boolean; timeout: number }>;

const rowsSchema = v.array(v.record(v.string(), v.unknown()));

/** The rows of an answer, by the pipeline that runs on the folder or, where none does, from its file. */
async function* rowsOf(sql: string, { data, timeout }: QueryOptions) {
  try {
    const question = { ask: 'query', with: { sql, timeoutMs: timeout } };
    for await (const rows of askDataFolder(data, question)) yield* v.parse(rowsSchema, rows);
  } catch (error) {
    if (!(error instanceof LocalError) || error.code !== 'NotRunning') throw error;
    yield* queryTelemetry(filesIn(data).telemetry, sql);
  }
}

/** `sentinel query "SELECT …"`: ask what has been stored. */
export const queryCommand = (): Command =>
  new Command('query')
    .description('ask the telemetry of a data folder in SQL, as CSV, whether a pipeline runs on it or not')
    .argument('<sql>', 'one statement; the tables are samples, incidents and hours, times are in UTC')
    .option('--data <folder>', 'the data folder', 'sentinel-data')
    .option('--json', 'JSON lines instead of CSV')
    .option('--timeout <duration>', 'how long a pipeline that runs may take for the answer', duration, 60_000)
    .action(async (sql: string, options: QueryOptions) => {
      let isFirst = true;
      for await (const row of rowsOf(sql, options)) {
        if (options.json === true) writeLine(jsonLine(row));
        else printCsv(row, isFirst);
        isFirst = false;
      }
    });
