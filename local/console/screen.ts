import { stripVTControlCharacters, styleText } from 'node:util';

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
  /** Prints lines above the live part. */
  print(lines: readonly string[]): void;
  /** Puts other lines in place of the live part. */
  live(lines: readonly string[]): void;
}>;

/** Where a screen writes: text that is out when `write` returns, and how wide the terminal is now. */
export type ScreenPorts = Readonly<{ write: (text: string) => void; columns: () => number }>;

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** How many rows lines take up in a terminal that wraps what is too wide for it. */
const rowsOf = (lines: readonly string[], columns: number): number =>
  lines.reduce(
    (rows, line) => rows + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
    0,
  );

/** Moves up to the first row of the live part and clears from there. */
const erase = (rows: number): string => (rows === 0 ? '' : `\x1b[${rows}A\r\x1b[J`);

/**
 * A screen on a terminal. Each change is written in one piece, so that nothing flickers and a kill leaves no half line;
 * what stood there before is measured at the width of now, since a terminal that was made narrower has wrapped it anew.
 */
export const terminalScreen = ({ write, columns }: ScreenPorts): Screen => {
  let shown: readonly string[] = [];
  const over = (): string => erase(rowsOf(shown, columns()));
  return {
    print: (lines) => {
      if (lines.length > 0) write(`${over()}${textOf(lines)}${textOf(shown)}`);
    },
    live: (lines) => {
      write(`${over()}${textOf(lines)}`);
      shown = lines;
    },
  };
};

/** A screen where there is no terminal: lines one after the other, and the live part nowhere. */
export const plainScreen = (write: (text: string) => void): Screen => ({
  print: (lines) => {
    if (lines.length > 0) write(textOf(lines));
  },
  live: () => undefined,
});
