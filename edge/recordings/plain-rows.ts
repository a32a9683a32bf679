import type { RowBlock, TableStyle } from './table.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;

/** 10^0 … 10^15: a number of up to 15 digits divided by one of these is rounded once, as the text of it would be. */
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
const MOST_DIGITS = 15;

/** Rows without a quote, cut out of bytes: `rest` is what comes after the last whole line, or from the line of a quote on. */
export type PlainRows = Readonly<{ block: RowBlock; rest: Buffer; lines: number; hasQuote: boolean }>;

/** Cuts rows of cells out of UTF-8 bytes; what it keeps is used again for the next bytes. */
export const createPlainRows = (
  { separator, hasDecimalComma }: TableStyle,
  columns: number,
): ((bytes: Buffer, linesBefore: number) => PlainRows) => {
  const between = separator.charCodeAt(0);
  const decimal = (hasDecimalComma ? ',' : '.').charCodeAt(0);
  const stride = columns + 1;
  let room = 256;
  // Where each cell of a row begins, and, after the last column, where one more would.
  let starts = new Int32Array(room * stride);
  let widths = new Int32Array(room);
  let lineNumbers = new Int32Array(room);

  const grow = (): void => {
    room *= 2;
    const larger = [starts, widths, lineNumbers].map((before) => {
      const after = new Int32Array(before.length * 2);
      after.set(before);
      return after;
    });
    [starts = starts, widths = widths, lineNumbers = lineNumbers] = larger;
  };

  const isEmptyBeyond = (bytes: Buffer, from: number, to: number): boolean => {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte !== between && byte > BLANK) return false;
    }
    return true;
  };

  const blockOf = (bytes: Buffer, count: number): RowBlock => {
    const number = (row: number, column: number): number => {
      if (column >= (widths[row] ?? 0)) return Number.NaN;
      let at = starts[row * stride + column] ?? 0;
      const end = (starts[row * stride + column + 1] ?? 0) - 1;
      const sign = bytes[at];
      if (sign === MINUS || sign === PLUS) at++;
      const first = at;
      let digits = 0;
      let point = -1;
      for (; at < end; at++) {
        const byte = bytes[at] ?? 0;
        const digit = byte - ZERO;
        if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
        else if (byte === decimal && point < 0) point = at;
        else return Number.NaN;
      }
      const length = end - first - (point < 0 ? 0 : 1);
      if (length === 0 || length > MOST_DIGITS) return Number.NaN;
      const value = point < 0 ? digits : digits / (POWERS[end - point - 1] ?? 1);
      return sign === MINUS ? -value : value;
    };
    const text = (row: number, column: number): string => {
      if (column >= (widths[row] ?? 0)) return '';
      let from = starts[row * stride + column] ?? 0;
      let to = (starts[row * stride + column + 1] ?? 0) - 1;
      while (from < to && (bytes[from] ?? 0) <= BLANK) from++;
      while (to > from && (bytes[to - 1] ?? 0) <= BLANK) to--;
      for (let at = from; at < to; at++)
        if ((bytes[at] ?? 0) > 127) return bytes.toString('utf8', from, to).trim();
      return bytes.toString('latin1', from, to);
    };
    return { count, line: (row) => lineNumbers[row] ?? 0, width: (row) => widths[row] ?? 0, text, number };
  };

  return (bytes, linesBefore) => {
    let lines = linesBefore;
    let row = 0;
    let cell = 0;
    let base = 0;
    let lineStart = 0;
    let hasQuote = false;
    starts[0] = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === between) {
        cell++;
        if (cell <= columns) starts[base + cell] = at + 1;
      } else if (byte === LINE_FEED) {
        const end = at > lineStart && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
        lines++;
        cell++;
        if (cell <= columns) starts[base + cell] = end + 1;
        else if (isEmptyBeyond(bytes, starts[base + columns] ?? 0, end)) cell = columns;
        const isComment = bytes[lineStart] === HASH;
        if (!isComment && !isEmptyBeyond(bytes, lineStart, end)) {
          widths[row] = cell;
          lineNumbers[row] = lines;
          row++;
          if (row === room) grow();
          base = row * stride;
        }
        cell = 0;
        lineStart = at + 1;
        starts[base] = lineStart;
      } else if (byte === QUOTE) {
        hasQuote = true;
        break;
      }
    }
    return { block: blockOf(bytes, row), rest: bytes.subarray(lineStart), lines, hasQuote };
  };
};
