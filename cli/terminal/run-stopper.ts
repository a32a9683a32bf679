import { isatty } from 'node:tty';
import { realClock } from '../../edge/timing/timing.ts';

/** What ends a run. */
export type Stopper = Readonly<{
  signal: AbortSignal;
  stop(): void;
  /** Stops because the run cannot go on; the first error is the one that counts. */
  fail(error: unknown): void;
  hasFailed(): boolean;
  /** Throws the error that made the run stop, if there was one. */
  rethrow(): void;
}>;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Whether somebody sees on a terminal what is said. */
const hasTerminal = (): boolean => isatty(1) || isatty(2);

/**
 * Stops on Ctrl-C, SIGTERM, and after `forMs` by the clock on the wall; a second signal ends the process at once. When
 * the terminal it shows itself on is gone it stops as well; a run that writes to files goes on, as `nohup` asks: Node
 * takes that back as it starts, so that it cannot be asked for.
 */
export const createStopper = (forMs: number | undefined, isOnTerminal = hasTerminal()): Stopper => {
  const controller = new AbortController();
  const { signal } = controller;
  let failure: Readonly<{ error: unknown }> | null = null;

  const stop = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  // Not taken off again: a terminal's end must not cut short what it began.
  process.on('SIGHUP', () => {
    if (isOnTerminal) stop();
  });
  if (forMs !== undefined)
    void realClock(1)
      .sleepUntil(Date.now() + forMs, signal)
      .then(stop);

  return {
    signal,
    stop,
    fail: (error) => {
      failure ??= { error };
      stop();
    },
    hasFailed: () => failure !== null,
    rethrow: () => {
      if (failure !== null) throw failure.error;
    },
  };
};
