import { styleText } from 'node:util';
import { padEndTo, padStartTo, textWidth } from './text-width.ts';

type Style = Extract<Parameters<typeof styleText>[0], string>;

/** Gives text a colour or a weight, or leaves it as it is where there are none. */
export type Paint = (style: Style, text: string) => string;

/** Paints for a terminal, unless it has no colours or NO_COLOR says not to. */
export const paintFor = (stream: NodeJS.WriteStream): Paint =>
  stream.isTTY && stream.hasColors()
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;

/** Text that scrolls by, and a live part that stays below it where there is a terminal. */
export type Screen = Readonly<{
  /** Prints lines above the live part; resolves when they are out. */
  print(lines: readonly string[]): Promise<void>;
  /** Puts other lines in place of the live part. */
  live(lines: readonly string[]): void;
}>;

/** Where a screen writes, whether something waits there for a reader, and how large the terminal is now. */
export type ScreenPorts = Readonly<{
  write: (text: string) => Promise<void>;
  isBehind: () => boolean;
  size: () => Readonly<{ rows: number; columns: number }>;
}>;

/** How many rows lines take up in a terminal that wraps what is too wide for it. */
const rowsOf = (lines: readonly string[], columns: number): number =>
  lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);

const NARROWEST_WRAPPED = 24;

/** A line as so many as it takes in a terminal of so many columns, broken between words and set in from the second on. */
export const wrapped = (line: string, columns: number): readonly string[] => {
  if (textWidth(line) < columns || columns < NARROWEST_WRAPPED) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const next = current.trim() === '' ? `${current}${word}` : `${current} ${word}`;
    if (textWidth(next) < columns || current.trim() === '') current = next;
    else {
      lines.push(current);
      current = `${indent}  ${word}`;
    }
  }
  return [...lines, current];
};

/** So many of the lines printed last are kept, to be shown again where the terminal changes its size. */
const KEPT_LINES = 200;

const CLEAR_TO_END_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/** Lines over what stood there, row by row: clearing the whole screen at once would push it into what scrolled by. */
const over = (lines: readonly string[]): string =>
  lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('');

/**
 * A screen on a terminal. Each change is written in one piece, so that nothing flickers and a kill leaves no half line.
 * Where everything stands after the terminal has changed its size only the terminal knows: then all of it is written
 * anew from the top, the lines printed last above the live part. While nobody reads, the live part stays as it is.
 */
export const terminalScreen = ({ write, isBehind, size }: ScreenPorts): Screen => {
  let shown: readonly string[] = [];
  let printed: readonly string[] = [];
  let drawn = size();

  /** To the first row of the live part, or of the terminal with as much of what was printed as may have stood there. */
  const start = ({ rows, columns }: Readonly<{ rows: number; columns: number }>): string => {
    const before = drawn;
    drawn = { rows, columns };
    if (before.rows === rows && before.columns === columns) {
      const up = rowsOf(shown, columns);
      return up === 0 ? '' : `\x1b[${up}A\r`;
    }
    const lines = printed.flatMap((line) => wrapped(line, columns));
    let from = lines.length;
    while (from > 0 && rowsOf(lines.slice(from - 1), columns) <= rows) from -= 1;
    return `\x1b[H${over(lines.slice(from))}`;
  };

  return {
    print: async (lines) => {
      if (lines.length === 0) return;
      const now = size();
      const text = `${start(now)}${over(lines.flatMap((line) => wrapped(line, now.columns)))}`;
      printed = [...printed, ...lines].slice(-KEPT_LINES);
      await write(`${text}${over(shown)}${CLEAR_BELOW}`);
    },
    live: (lines) => {
      if (isBehind()) return;
      const text = `${start(size())}${over(lines)}${CLEAR_BELOW}`;
      shown = lines;
      // Who reads no notice reads no table, and that is noticed there.
      write(text).catch(() => undefined);
    },
  };
};

/** A screen where there is no terminal: lines one after the other, and the live part nowhere. */
export const plainScreen = (write: (text: string) => Promise<void>): Screen => ({
  print: async (lines) => {
    if (lines.length > 0) await write(lines.map((line) => `${line}\n`).join(''));
  },
  live: () => undefined,
});

type Align = 'left' | 'right';

/** Rows of cells as lines with aligned columns, two blanks apart; the last column has no blanks behind it. */
export const textTable = (
  rows: readonly (readonly string[])[],
  align: readonly Align[],
): readonly string[] => {
  const widths = align.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[column] ?? '')), 0),
  );
  return rows.map((row) =>
    align
      .map((side, column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return side === 'right' ? padStartTo(cell, width) : padEndTo(cell, width);
      })
      .join('  ')
      .trimEnd(),
  );
};

/** A table's column: its title, and whether its cells stand to the right, as numbers do. */
export type TextColumn = Readonly<{ title: string; right?: boolean }>;

/** The same with a line of titles first. */
export const titledTable = (
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] =>
  textTable(
    [columns.map(({ title }) => title), ...rows],
    columns.map(({ right }) => (right === true ? 'right' : 'left')),
  );
