import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Whoever read standard output has gone, as `head` does: nobody is left to write for. */
export class ReaderGone extends Error {
  override name = 'ReaderGone';
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Whether writing failed because a pipe's reader has ended, or because the terminal was closed. */
const isGone = (error: unknown, isTerminal: boolean): boolean =>
  codeOf(error) === 'EPIPE' || (isTerminal && codeOf(error) === 'EIO');

// Asked once: of a terminal that is gone the system says that it is none.
const isOnTerminal = isatty(1);

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
      if (isGone(error, isOnTerminal))
        throw new ReaderGone('nobody reads the output any more', { cause: error });
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
};

/** Writes a line to standard output, as `write` does. */
export const writeLine = (line: string): void => write(`${line}\n`);

/** Output that waits for its reader while the program goes on. */
export type Output = Readonly<{
  /** Resolves when the text is out; rejects where it cannot be, or was given up. */
  write(text: string): Promise<void>;
  /** Whether something waits for a reader. */
  isBehind(): boolean;
  /** From so long after now on, ms, nothing waits any more: what the reader does not take at once is rejected. */
  giveUp(afterMs: number): void;
}>;

type Piece = Readonly<{ resolve: () => void; reject: (error: unknown) => void }> & { rest: Buffer };

const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** Output by `put`, which takes as many bytes as there is room for and says how many, 0 where there is none. */
export const createOutput = (put: (bytes: Buffer) => number): Output => {
  const waiting: Piece[] = [];
  let pauseMs = SHORTEST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let isGivenUp = false;

  const endAll = (error: unknown): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  const move = (): void => {
    for (let [piece] = waiting; piece !== undefined; [piece] = waiting) {
      const taken = put(piece.rest);
      if (taken > 0) pauseMs = SHORTEST_PAUSE_MS;
      piece.rest = piece.rest.subarray(taken);
      if (piece.rest.length > 0) return;
      waiting.shift();
      piece.resolve();
    }
  };
  const pump = (): void => {
    try {
      move();
    } catch (error) {
      endAll(error);
    }
    if (isGivenUp) endAll(new ReaderGone('nobody reads the output'));
    clearTimeout(timer);
    timer = waiting.length === 0 ? undefined : setTimeout(pump, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };

  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ rest: Buffer.from(text), resolve, reject });
        if (waiting.length === 1) pump();
      }),
    isBehind: () => waiting.length > 0,
    giveUp: (afterMs) =>
      void setTimeout(() => {
        isGivenUp = true;
        pump();
      }, afterMs).unref(),
  };
};

/**
 * A way to a standard stream that says when there is no room, and never waits. What another program has open as well
 * is opened anew for that; of a socket, Node's own stream sees to it.
 */
const unwaiting = (fd: 1 | 2): number => {
  const stream = fd === 1 ? process.stdout : process.stderr;
  if (!stream.writable || !(fstatSync(fd).isFIFO() || isatty(fd))) return fd;
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
};

/** A standard stream as output that waits for its reader. */
export const standardOutput = (fd: 1 | 2): Output => {
  const target = unwaiting(fd);
  const isTerminal = isatty(fd);
  return createOutput((bytes) => {
    try {
      return writeSync(target, bytes);
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return 0;
      if (isGone(error, isTerminal))
        throw new ReaderGone('nobody reads the output any more', { cause: error });
      throw error;
    }
  });
};

/** So many lines wait on standard error for whoever reads it; what comes then is left out. */
const MAX_SAID = 1000;
const LAST_WORDS_MS = 2000;

let said: Output | null = null;
let saidCount = 0;
let unsaid = 0;

/** Says something to the person at the terminal, on standard error, and never waits for it; where nobody listens, to nobody. */
export const say = (line: string): void => {
  said ??= standardOutput(2);
  if (saidCount >= MAX_SAID && said.isBehind()) {
    unsaid += 1;
    return;
  }
  const left = unsaid === 0 ? '' : `(${unsaid} lines were left out: nobody read them)\n`;
  unsaid = 0;
  saidCount += 1;
  const done = (): void => {
    saidCount -= 1;
  };
  // What is said here has no other reader.
  said.write(`${left}${line}\n`).then(done, done);
};

/** To be called where the program is over: what was said gets a moment to be read, and no more. */
export const endSaying = (): void => said?.giveUp(LAST_WORDS_MS);

const LATE_SAID_EVERY_MS = 60_000;

/** Says, once in a while, that standard output is not read, and then that it is. */
export const sayLateness = (): ((isLate: boolean) => void) => {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let isSaid = false;
  return (isLate) => {
    if (isLate === isSaid || (isLate && performance.now() - saidAtMs < LATE_SAID_EVERY_MS)) return;
    isSaid = isLate;
    saidAtMs = performance.now();
    say(
      isLate
        ? 'nobody reads standard output: notices wait in the ledger until somebody does, and all else goes on'
        : 'standard output is read again',
    );
  };
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
