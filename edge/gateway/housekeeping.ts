import type { Status } from '../message/status.ts';
import type { SourceEvent } from '../sources/source.ts';
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

type SourceReporter = Readonly<{
  onEvent(event: SourceEvent): void;
  /** To be called from time to time: reports what has gathered. */
  tick(): void;
}>;

type SourceReporterParts = Readonly<{
  report(status: Status): void;
  log: Log;
  /** ms since the epoch. */
  now: () => number;
  /** A clock that is never set, ms. */
  monotonic: () => number;
}>;

const TELL_EVERY_MS = 10_000;

/** Tells what is wrong with sources: the first bad line at once, later ones as a count every ten seconds, with the last one's fault. */
export const createSourceReporter = (parts: SourceReporterParts): SourceReporter => {
  const gathered = new Map<string, { badLines: number; last: string; dueMs: number }>();

  function report(source: string, badLines: number, message: string): void {
    parts.report({ kind: 'source', t: parts.now(), source, badLines, message });
    const counted = badLines > 1 ? ` (and ${badLines - 1} more bad lines)` : '';
    parts.log({ level: 'warn', event: 'source', message: `${source}: ${message}${counted}` });
  }

  function tick(): void {
    for (const [source, state] of gathered) {
      if (parts.monotonic() < state.dueMs) continue;
      if (state.badLines === 0) gathered.delete(source);
      else {
        report(source, state.badLines, state.last);
        gathered.set(source, { badLines: 0, last: '', dueMs: parts.monotonic() + TELL_EVERY_MS });
      }
    }
  }

  return {
    onEvent({ kind, source, message }) {
      if (kind === 'failed') return report(source, 0, message);
      const state = gathered.get(source);
      const dueMs = state?.dueMs ?? parts.monotonic();
      gathered.set(source, { badLines: (state?.badLines ?? 0) + 1, last: message, dueMs });
      if (state === undefined) tick();
    },
    tick,
  };
};
