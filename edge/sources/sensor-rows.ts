import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const COMMA_NUMBER = /^[-+]?(\d{1,3}(\.\d{3})+|\d+|(?=,))(,\d*)?(e[-+]?\d+)?$/i;
// What numpy, pandas, R and historians write for what is missing.
const MISSING = /^(nan|#?n\/?a|null|none|-|\?)?$/i;
const INFINITE = /^([-+]?)inf(inity)?$/i;

/** How a table is written: what stands between cells, and whether a comma is what its decimals begin with. */
export type TableStyle = Readonly<{ separator: ',' | ';' | '\t'; hasDecimalComma: boolean }>;

/** The value in a cell of a table, null when it is missing (empty or as `nan`), undefined when it is no number. */
export const readSensorCell = (cell: string, hasDecimalComma = false): number | null | undefined => {
  if (MISSING.test(cell)) return null;
  if (hasDecimalComma) {
    if (COMMA_NUMBER.test(cell)) return Number(cell.replaceAll('.', '').replace(',', '.'));
  } else if (NUMBER.test(cell)) return Number(cell);
  const sign = INFINITE.exec(cell)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

/** A cell that holds something, which is no finite number: a word for missing, or an infinity. */
type OddCell = Readonly<{ column: string; said: string }>;

/** A row of sensor values with all its cells, or the first thing wrong with the table, naming line and column. */
export type SensorRow = Readonly<
  | {
      ok: true;
      line: number;
      values: SensorValues;
      cells: Readonly<Record<string, string>>;
      odd: readonly OddCell[];
    }
  | { ok: false; message: string }
>;

/**
 * The rows of a CSV table with the six sensors and `alsoNeeded` among its columns, by name and in any order; cells are
 * divided by comma, semicolon or tab, decimals begin with a point, or with a comma where that is plain. The first fault
 * ends the rows.
 */
export async function* sensorRows(
  input: Readable,
  alsoNeeded: readonly string[] = [],
): AsyncGenerator<SensorRow> {
  let header: readonly string[] | null = null;
  try {
    const { style, chunks } = await readStyle(input);
    const parser = parse({
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: style.separator !== '\t',
      delimiter: style.separator,
    });
    const whole = Readable.from(chunks, { objectMode: false });
    whole.on('error', (error) => parser.destroy(error));
    for await (const { record, info } of whole.pipe(parser) as AsyncIterable<ParsedLine>) {
      if (header === null) {
        const fault = headerFault(record, alsoNeeded);
        if (fault !== null) return yield { ok: false, message: fault };
        header = record;
        continue;
      }
      const row = readRow(header, record, info.lines, style);
      yield row;
      if (!row.ok) return;
    }
    if (header === null) yield { ok: false, message: 'the table is empty: it needs a header row' };
  } catch (error) {
    yield { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

type ParsedLine = Readonly<{ record: readonly string[]; info: Readonly<{ lines: number }> }>;

const HEAD_CHARACTERS = 1 << 16;
/** A comma that no thousand can have: before one, two or more than three digits, or after a zero or a point. */
const PLAIN_DECIMAL_COMMA =
  /(^|[;\t"\n])\s*[-+]?(\d+,(\d{1,2}|\d{4,})|0+,\d+|\d{1,3}(\.\d{3})+,\d+)\s*(?=[;\t"\r\n]|$)/;

/** How the table is written, told by its beginning, and all of it. */
const readStyle = async (
  input: Readable,
): Promise<Readonly<{ style: TableStyle; chunks: AsyncIterable<Uint8Array | string> }>> => {
  const chunks = input[Symbol.asyncIterator]();
  const seen: (Uint8Array | string)[] = [];
  let head = '';
  while (head.length < HEAD_CHARACTERS) {
    const next = await chunks.next();
    if (next.done === true) break;
    seen.push(next.value);
    head += typeof next.value === 'string' ? next.value : Buffer.from(next.value).toString('latin1');
  }
  const [first = ''] = head.trimStart().split(/\r?\n/, 1);
  const [separator] = ([',', ';', '\t'] as const).toSorted(
    (a, b) => first.split(b).length - first.split(a).length,
  );
  async function* all(): AsyncGenerator<Uint8Array | string> {
    yield* seen;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  const style = { separator: separator ?? ',', hasDecimalComma: PLAIN_DECIMAL_COMMA.test(head) };
  return { style, chunks: all() };
};

const headerFault = (header: readonly string[], alsoNeeded: readonly string[]): string | null => {
  for (const column of [...SENSORS, ...alsoNeeded]) {
    const count = header.filter((name) => name === column).length;
    if (count === 0) return `line 1: there is no column ${column}; the header must name it`;
    if (count > 1) return `line 1: the column ${column} is there ${count} times; keep one`;
  }
  return null;
};

const readRow = (
  header: readonly string[],
  record: readonly string[],
  line: number,
  { hasDecimalComma }: TableStyle,
): SensorRow => {
  const cells: Record<string, string> = Object.create(null);
  for (const [at, name] of header.entries()) cells[name] = record[at] ?? '';
  const values: (number | null)[] = [];
  const odd: OddCell[] = [];
  for (const column of SENSORS) {
    const cell = (cells[column] ?? '').trim();
    const value = readSensorCell(cell, hasDecimalComma);
    if (value === undefined) return { ok: false, message: cellFault(line, column, cell, hasDecimalComma) };
    if (cell !== '' && !Number.isFinite(value)) odd.push({ column, said: cell.slice(0, 40) });
    values.push(value);
  }
  return { ok: true, line, values, cells, odd };
};

const cellFault = (line: number, column: string, cell: string, hasDecimalComma: boolean): string => {
  const shown = JSON.stringify(cell.slice(0, 40));
  const place = `line ${line}: column ${column} holds ${shown}`;
  if (/^[-+]?\d{1,3},\d{3}$/.test(cell))
    return `${place}, which could be ${cell.replace(',', '')} or ${cell.replace(',', '.')}; write decimals with a point`;
  if (hasDecimalComma && NUMBER.test(cell))
    return `${place}, where other decimals of the table begin with a comma; write all in one way`;
  return `${place}, which is not a number; leave a missing value empty`;
};
