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

/** Stops on Ctrl-C, SIGTERM, and after `forMs` by the clock on the wall; a second signal ends the process at once. */
export const createStopper = (forMs: number | undefined): Stopper => {
  const controller = new AbortController();
  const { signal } = controller;
  let failure: Readonly<{ error: unknown }> | null = null;

  const stop = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
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
