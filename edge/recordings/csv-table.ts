import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { createPlainRows } from './plain-rows.ts';
import { type RowBlock, type Table, TableError, textBlock } from './table.ts';
import { type Beginning, beginningOf, type CsvOptions } from './table-beginning.ts';
import { utf8Chunks } from './utf8-chunks.ts';

const BLOCK_ROWS = 1000;

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

/** A cell that keeps a spreadsheet from taking its text for a number, `="…"`, as that text. */
const withoutFormula = (cell: string): string => (/^="[^"]*"$/.test(cell) ? cell.slice(2, -1) : cell);

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
      if (record[0]?.startsWith('#') || (record.length === 1 && /^\0+$/.test(record[0] ?? ''))) continue;
      rows.push(record.map(withoutFormula));
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
  const { header, style, line, isByBlanks } = beginning;
  // Line ends of old: a carriage return alone.
  const lines = text.includes('\n') || !text.includes('\r') ? chunks : withLineFeeds(chunks);
  const rows = afterLines(lines, line);
  const cells = isByBlanks ? withTabs(rows) : rows;
  return { header, style, place: 'line', blocks: plainBlocks(cells, beginning) };
};

/** Blanks between cells, any number of them and outside of quotes, as one tab. */
async function* withTabs(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isQuoted = false;
  // What came last: the end of a line, a blank that is not written yet, or a cell.
  let last: 'end' | 'blank' | 'cell' = 'end';
  for await (const chunk of chunks) {
    const out = Buffer.alloc(chunk.length * 2);
    let length = 0;
    for (const byte of chunk) {
      if (byte === 34) isQuoted = !isQuoted;
      if (!isQuoted && (byte === 32 || byte === 9)) {
        if (last === 'cell') last = 'blank';
        continue;
      }
      const isEnd = byte === 10 || byte === 13;
      if (last === 'blank' && !isEnd) out[length++] = 9;
      out[length++] = byte;
      last = isEnd ? 'end' : 'cell';
    }
    yield out.subarray(0, length);
  }
}

async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk.map((byte) => (byte === 13 ? 10 : byte)));
}
