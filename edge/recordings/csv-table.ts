import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { createPlainRows } from './plain-rows.ts';
import { type RowBlock, type Table, TableError, type TableStyle, textBlock } from './table.ts';
import { utf8Chunks } from './utf8-chunks.ts';

/** How a person says that a table is written, where it is not to be told from the table. */
export type CsvOptions = Readonly<{
  separator?: TableStyle['separator'];
  decimal?: '.' | ',';
  /** Whether a line names the columns that are wanted: lines before the first such one are passed over. */
  isHeader: (names: readonly string[]) => boolean;
}>;

const SEPARATORS = [',', ';', '\t', '|'] as const;
const SEARCHED_LINES = 100;
const BLOCK_ROWS = 1000;

// A comma that no thousand can have: before one, two or more than three digits, or after four, a zero or a point.
const PLAIN_COMMA = String.raw`\s*[-+]?(\d+,(\d{1,2}|\d{4,})|(\d{4,}|0+),\d+|\d{1,3}(\.\d{3})+,\d+)\s*`;
const DECIMAL_COMMA = new RegExp(`(^|[;\t|"\n])${PLAIN_COMMA}(?=[;\t|"\r\n]|$)`);
const QUOTED_DECIMAL_COMMA = new RegExp(`"${PLAIN_COMMA}"`);

/** Where the columns are named, as what, and how the table is written. */
type Beginning = Readonly<{ header: readonly string[]; line: number; style: TableStyle }>;

const cellsOf = (line: string, separator: string): readonly string[] => {
  try {
    const [cells = []]: readonly (readonly string[])[] = parseNow(line, {
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

const beginningOf = (head: string, options: CsvOptions): Beginning | null => {
  const lines = head.split(/\r\n|\n|\r/, SEARCHED_LINES);
  const said = SEPARATORS.find((separator) => separator === SEPARATOR_LINE.exec(lines[0] ?? '')?.[1]);
  const separatorOf = (line: string) => options.separator ?? said ?? mostFrequent(line);
  const candidates = lines.flatMap((line, index) => {
    if (line.trim() === '' || SEPARATOR_LINE.test(line)) return [];
    const separator = separatorOf(line);
    // A header may begin as a comment does; other comments name nothing that is wanted.
    const header = cellsOf(line.replace(/^#\s*/, ''), separator);
    return [{ header, line: index + 1, separator, isComment: line.startsWith('#') }];
  });
  const found =
    candidates.find(({ header }) => options.isHeader(header)) ??
    candidates.find(({ isComment }) => !isComment) ??
    candidates[0];
  if (found === undefined) return null;
  const { header, line, separator } = found;
  const plainComma = separator === ',' ? QUOTED_DECIMAL_COMMA : DECIMAL_COMMA;
  const hasDecimalComma = options.decimal === undefined ? plainComma.test(head) : options.decimal === ',';
  return { header, line, style: { separator, hasDecimalComma } };
};

/** The bytes after so many lines. */
async function* afterLines(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    let from = 0;
    while (left > 0) {
      const end = chunk.indexOf(10, from);
      if (end < 0) break;
      from = end + 1;
      left -= 1;
    }
    if (left === 0 && from < chunk.length) yield chunk.subarray(from);
  }
}

async function* prefixed(first: Buffer, others: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* others;
}

type ParsedLine = Readonly<{ record: readonly string[]; info: Readonly<{ lines: number }> }>;

/** Rows with quotes, or with ends of lines that are none elsewhere. */
async function* quotedBlocks(
  chunks: AsyncIterable<Buffer>,
  { header, style }: Beginning,
  linesBefore: number,
): AsyncGenerator<RowBlock> {
  const parser = parse({
    info: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    relax_column_count: true,
    relax_quotes: true,
    delimiter: style.separator,
  });
  const whole = Readable.from(chunks, { objectMode: false });
  whole.on('error', (error) => parser.destroy(error));
  let rows: (readonly string[])[] = [];
  let lines: number[] = [];
  try {
    for await (const { record, info } of whole.pipe(parser) as AsyncIterable<ParsedLine>) {
      if (record[0]?.startsWith('#')) continue;
      rows.push(record);
      lines.push(linesBefore + info.lines);
      if (rows.length < BLOCK_ROWS) continue;
      yield textBlock(rows, lines, header.length);
      [rows, lines] = [[], []];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TableError(`line ${linesBefore + Number(error.lines ?? 0)}: ${error.message}`);
  }
  if (rows.length > 0) yield textBlock(rows, lines, header.length);
}

/** Rows without quotes, and all that follow once there is one. */
async function* plainBlocks(chunks: AsyncGenerator<Buffer>, beginning: Beginning): AsyncGenerator<RowBlock> {
  const cut = createPlainRows(beginning.style, beginning.header.length);
  let rest: Buffer = Buffer.alloc(0);
  let lines = beginning.line;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    const read = cut(rest.length === 0 ? next.value : Buffer.concat([rest, next.value]), lines);
    if (read.block.count > 0) yield read.block;
    ({ rest, lines } = read);
    if (!read.hasQuote) continue;
    yield* quotedBlocks(prefixed(rest, chunks), beginning, lines);
    return;
  }
  const last = cut(Buffer.concat([rest, Buffer.from('\n')]), lines);
  if (last.block.count > 0) yield last.block;
}

/**
 * Opens a table of cells divided by comma, semicolon, tab or bar, in UTF-8, UTF-16 or Windows-1252, decimals with a
 * point, or with a comma where that is plain. Lines before the one that names the columns are passed over, and those that
 * begin with #. Rejects with a TableError.
 */
export const openCsvTable = async (
  input: AsyncIterable<Uint8Array | string>,
  options: CsvOptions,
): Promise<Table> => {
  const { head, chunks } = await utf8Chunks(input);
  const text = head.toString('utf8');
  const beginning = beginningOf(text, options);
  if (beginning === null) throw new TableError('is empty; its first line must name the columns');
  const { header, style, line } = beginning;
  // Line ends of old: a carriage return alone.
  const lines = text.includes('\n') || !text.includes('\r') ? chunks : withLineFeeds(chunks);
  return { header, style, place: 'line', blocks: plainBlocks(afterLines(lines, line), beginning) };
};

async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk.map((byte) => (byte === 13 ? 10 : byte)));
}
