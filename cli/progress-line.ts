/** A line on a terminal that is written over and over; nothing at all where there is no terminal. */
export type ProgressLine = Readonly<{ show(text: string): void; end(): void }>;

const CLEAR_LINE = '\r\u001B[2K';
const SHOW_EVERY_MS = 100;

/** A progress line on a stream, renewed at most ten times a second. */
export const createProgressLine = (stream: NodeJS.WriteStream): ProgressLine => {
  let shownMs = 0;
  return {
    show: (text) => {
      if (!stream.isTTY || Date.now() - shownMs < SHOW_EVERY_MS) return;
      shownMs = Date.now();
      stream.write(`${CLEAR_LINE}${text.slice(0, (stream.columns || 80) - 1)}`);
    },
    end: () => {
      if (shownMs > 0) stream.write(CLEAR_LINE);
    },
  };
};
