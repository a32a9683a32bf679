import { SentinelError } from '../../domain/sentinel-error.ts';

/** How a table is written: what stands between cells, and whether a comma is what its decimals begin with. */
export type TableStyle = Readonly<{ separator: ',' | ';' | '\t' | '|'; hasDecimalComma: boolean }>;

/** Rows of a table, which hold until the next block is asked for; rows and columns count from 0. */
export type RowBlock = Readonly<{
  count: number;
  /** The line of the file on which a row ends, from 1. */
  line(row: number): number;
  /** How many cells a row has; empty ones beyond the last column do not count. */
  width(row: number): number;
  /** A cell without the blanks around it; empty where there is none. */
  text(row: number, column: number): string;
  /** A cell that is a plain number in the style of the table; NaN where it is anything else, which `text` says. */
  number(row: number, column: number): number;
}>;

/** A table of any kind of file: the names of its columns, and its rows, which can be read once. */
export type Table = Readonly<{
  header: readonly string[];
  style: TableStyle;
  /** What the number of a row is called. */
  place: 'line' | 'row';
  blocks: AsyncIterable<RowBlock>;
}>;

/** Something is wrong with a table; the message says where, and what would help. */
export class TableError extends SentinelError {
  override name = 'TableError';

  constructor(message: string, cause?: unknown) {
    super('TABLE', message, cause);
  }
}

/** Rows that are held as texts, the first of them on line `firstLine` or, where rows have several lines, on lines of their own. */
export const textBlock = (
  rows: readonly (readonly string[])[],
  lines: readonly number[],
  columns: number,
): RowBlock => ({
  count: rows.length,
  line: (row) => lines[row] ?? 0,
  width: (row) => {
    const cells = rows[row] ?? [];
    return cells.slice(columns).every((cell) => cell.trim() === '')
      ? Math.min(cells.length, columns)
      : cells.length;
  },
  text: (row, column) => (rows[row]?.[column] ?? '').trim(),
  number: () => Number.NaN,
});
