import type { Status } from '../message/status.ts';
import type { Log } from './log.ts';

/** By how much the wall clock has jumped since the last look, ms, forth (positive) or back; null when it has not. */
type ClockWatch = () => number | null;

/**
 * Compares a clock that can be set with one that cannot, both in ms. What is less than `toleranceMs` is the gentle
 * pull of time synchronisation; a machine that slept is a jump forth.
 */
export const createClockWatch = (
  clocks: Readonly<{ wall: () => number; monotonic: () => number }>,
  toleranceMs: number,
): ClockWatch => {
  const apart = () => clocks.wall() - clocks.monotonic();
  let known = apart();
  return () => {
    const now = apart();
    const jumpMs = Math.round(now - known);
    known = now;
    return Math.abs(jumpMs) < toleranceMs ? null : jumpMs;
  };
};

export type HousekeepingParts = Readonly<{
  report(status: Status): void;
  /** Gives up what is too old at this time, ms since the epoch. */
  prune(nowMs: number): void;
  log: Log;
  /** The clock on the wall, ms since the epoch. */
  wall: () => number;
  /** A clock that is never set, ms. */
  monotonic: () => number;
}>;

const JUMP_MS = 2000;
const PRUNE_EVERY_MS = 60_000;
/** A clock that was just set may be set again: by its word alone nothing is given up so soon. */
const STEADY_AFTER_MS = 10 * 60_000;

/** What is to be done every second: noticing that the clock jumped, and giving up what is too old. */
export const createHousekeeping = (parts: HousekeepingParts): (() => void) => {
  const { wall, monotonic } = parts;
  const watch = createClockWatch({ wall, monotonic }, JUMP_MS);
  let pruneAtMs = monotonic();

  return () => {
    const jumpMs = watch();
    if (jumpMs !== null) {
      const words = `${Math.abs(jumpMs) / 1000} s ${jumpMs > 0 ? 'forward' : 'back'}`;
      parts.report({ kind: 'clock', t: wall(), jumpMs });
      parts.log({
        level: 'warn',
        event: 'clock',
        message: `the clock was set ${words}, or the machine slept`,
      });
      pruneAtMs = monotonic() + STEADY_AFTER_MS;
    }
    if (monotonic() < pruneAtMs) return;
    pruneAtMs = monotonic() + PRUNE_EVERY_MS;
    parts.prune(wall());
  };
};
