import type { Clock } from '../../edge/timing/clock.ts';

export type SweepTimes = Readonly<{
  /** Nothing is swept for so long after the start: what seems offline only because nothing ran here gets time to send. */
  graceMs: number;
  everyMs: number;
  signal: AbortSignal;
}>;

/** Sweeps at regular times by the clock until the signal; a sweep that takes long makes the next one late, not double. */
export const sweepByClock = async (
  clock: Clock,
  sweep: (now: number) => Promise<void>,
  { graceMs, everyMs, signal }: SweepTimes,
): Promise<void> => {
  await clock.sleepUntil(clock.now() + graceMs, signal);
  while (!signal.aborted) {
    await sweep(clock.now());
    await clock.sleepUntil(clock.now() + everyMs, signal);
  }
};

/** Sweeps a recording whenever its time has moved on by `everyMs`, in order with its messages. */
export const sweepByRecording = (
  sweep: (now: number) => Promise<void>,
  everyMs: number,
  startMs: number,
): ((now: number) => void) => {
  let nextMs = startMs + everyMs;
  return (now) => {
    if (now < nextMs) return;
    nextMs = now + everyMs;
    // Whether it failed is known to whoever waits for the messages behind it.
    sweep(now).catch(() => undefined);
  };
};
