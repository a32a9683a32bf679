import { writeSync } from 'node:fs';

/** Whoever read standard output has gone, as `head` does: nobody is left to write for. */
export class ReaderGone extends Error {
  override name = 'ReaderGone';
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes text to standard output at once: it is out when this returns, so that a notice can be noted as sent.
 * Waits for a reader that is slow; throws ReaderGone where there is none any more.
 */
export const write = (text: string): void => {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (codeOf(error) === 'EPIPE')
        throw new ReaderGone('nobody reads the output any more', { cause: error });
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
};

/** Writes a line to standard output, as `write` does. */
export const writeLine = (line: string): void => write(`${line}\n`);

/** Says something to the person at the terminal, on standard error; where nobody listens, to nobody. */
export const say = (line: string): void => {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // What is said here has no other reader.
  }
};

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
