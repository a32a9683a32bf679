import { parse } from 'csv-parse/sync';
import { readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import { TableError, type TableStyle } from './table.ts';

/** How a person says that a table is written, where it is not to be told from the table. */
export type CsvOptions = Readonly<{
  separator?: TableStyle['separator'];
  decimal?: '.' | ',';
  /** Whether a line names the columns that are wanted: lines before the first such one are passed over. */
  isHeader: (names: readonly string[]) => boolean;
}>;

const SEPARATORS = [',', ';', '\t', '|'] as const;
const SEARCHED_LINES = 1000;

// A comma that no thousand can have: before one, two or more than three digits, or after four, a zero or a point.
const PLAIN_COMMA = String.raw`\s*[-+]?(\d+,(\d{1,2}|\d{4,})|(\d{4,}|0+),\d+|\d{1,3}(\.\d{3})+,\d+)\s*`;
const DECIMAL_COMMA = new RegExp(`(^|[;\t|"\n])${PLAIN_COMMA}(?=[;\t|"\r\n]|$)`);
const QUOTED_DECIMAL_COMMA = new RegExp(`"${PLAIN_COMMA}"`);

/** Where the columns are named, as what, and how the table is written. */
export type Beginning = Readonly<{
  header: readonly string[];
  line: number;
  style: TableStyle;
  /** Whether blanks divide cells, any number of them. */
  isByBlanks: boolean;
}>;

const cellsOf = (line: string, separator: string): readonly string[] => {
  try {
    const [cells = []]: readonly (readonly string[])[] = parse(line, {
      delimiter: separator,
      relax_quotes: true,
    });
    return cells.map((cell) => cell.trim());
  } catch {
    return line.split(separator).map((cell) => cell.trim());
  }
};

const mostFrequent = (line: string): TableStyle['separator'] => {
  const [separator = ','] = SEPARATORS.toSorted((a, b) => line.split(b).length - line.split(a).length);
  return separator;
};

/** What spreadsheets write into a first line to say what divides cells. */
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

/** A line that may name the columns: its cells, and the line on which it ends. */
type Candidate = Readonly<{
  header: readonly string[];
  line: number;
  separator: TableStyle['separator'];
  isComment: boolean;
  isByBlanks?: boolean;
}>;

/** A line whose last cell is in quotes that do not end on it. */
const OPEN_CELL = /^([^"]|"[^"]*")*?(^|[,;\t|])\s*"[^"]*$/;

/** Lines with what a spreadsheet has put on several of them, in quotes, joined by blanks. */
const joinedLines = (lines: readonly string[]): readonly (readonly [text: string, line: number])[] => {
  const joined: [string, number][] = [];
  let open = '';
  for (const [index, line] of lines.entries()) {
    const text = open === '' ? line : `${open} ${line}`;
    const isOpen = OPEN_CELL.test(text.replaceAll('""', ''));
    if (!isOpen && open !== '') joined.push([text, index + 1]);
    open = isOpen ? text : '';
  }
  return joined;
};

const byBlanks = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);

const candidatesOf = function* (
  lines: readonly string[],
  separatorOf: (line: string) => TableStyle['separator'],
): Generator<Candidate> {
  const candidate = (text: string, line: number): readonly Candidate[] => {
    if (text.trim() === '' || SEPARATOR_LINE.test(text)) return [];
    const separator = separatorOf(text);
    // A header may begin as a comment does; other comments name nothing that is wanted.
    const header = cellsOf(text.replace(/^#\s*/, ''), separator);
    return [{ header, line, separator, isComment: text.startsWith('#') }];
  };
  for (const [text, line] of joinedLines(lines)) yield* candidate(text, line);
  for (const [index, line] of lines.entries()) yield* candidate(line, index + 1);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || SEPARATORS.some((separator) => line.includes(separator))) continue;
    yield {
      header: byBlanks(line.replace(/^[#%]\s*/, '')),
      line: index + 1,
      separator: '\t',
      isComment: true,
      isByBlanks: true,
    };
  }
};

/** Where a table begins, by the first lines of its text; null where there is none. Throws a TableError where no line can name columns. */
export const beginningOf = (head: string, options: CsvOptions): Beginning | null => {
  const lines = head.split(/\r\n|\n|\r/, SEARCHED_LINES);
  const said = SEPARATORS.find((separator) => separator === SEPARATOR_LINE.exec(lines[0] ?? '')?.[1]);
  const separatorOf = (line: string) => options.separator ?? said ?? mostFrequent(line);
  const candidates = [...candidatesOf(lines, separatorOf)];
  const named = candidates.find(({ header }) => options.isHeader(header));
  const found = named ?? candidates.find(({ isComment }) => !isComment) ?? candidates[0];
  if (found === undefined) return null;
  const { line, separator, isByBlanks = false } = found;
  if (named === undefined) checkNamed(found, lines[line - 1] ?? '');
  const next = lines.slice(line).find((one) => one.trim() !== '') ?? '';
  const cells = isByBlanks ? byBlanks(next) : cellsOf(next, separator);
  // R names no column for the numbers of its rows.
  const hasNumbers = cells.length === found.header.length + 1 && /^[01]$/.test(cells[0] ?? '');
  const header = hasNumbers ? ['', ...found.header] : found.header;
  const plainComma = separator === ',' ? QUOTED_DECIMAL_COMMA : DECIMAL_COMMA;
  const hasDecimalComma = options.decimal === undefined ? plainComma.test(head) : options.decimal === ',';
  return {
    header,
    line,
    isByBlanks,
    style: { separator, hasDecimalComma, hasThousands: options.decimal === '.' },
  };
};

const OTHER_SEPARATORS = ['^', '~', '¦', '§', ':'] as const;

/** Throws a TableError where a line that should name the columns is seen to hold values, or cells divided by something else. */
const checkNamed = ({ header, line }: Candidate, text: string): void => {
  const other = OTHER_SEPARATORS.find((mark) => text.split(mark).length > header.length + 2);
  if (header.length === 1 && other !== undefined)
    throw new TableError(
      `line ${line}: its cells seem to be divided by ${JSON.stringify(other)}: write them with a comma, a semicolon, a tab or a bar`,
    );
  const values = header.filter((cell) => typeof readNumberCell(cell) === 'number').length;
  if (values > 2 && values > header.length / 2)
    throw new TableError(`line ${line}: holds values and names no columns: write their names above it`);
};
