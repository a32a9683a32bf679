import { setFlagsFromString } from 'node:v8';
import type { Status } from '../message/encode-message.ts';
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
  /** Reports what has gathered, and how much was refused since the start, by reason. */
  end(): void;
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
/** Every connection of a socket is a source. */
const MOST_SOURCES = 1000;

type Counts = Map<string, number>;
type Gathered = { fresh: Counts; all: Counts; last: string; dueMs: number };

const countsText = (counts: Counts): string =>
  [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');

const sumOf = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

/**
 * Tells what is wrong with sources: the first bad line for a reason at once, later ones as counts by reason every ten
 * seconds with the last one's fault, and all of them at the end.
 */
export const createSourceReporter = (parts: SourceReporterParts): SourceReporter => {
  const gathered = new Map<string, Gathered>();

  function report(source: string, badLines: number, message: string, counted = ''): void {
    parts.report({ kind: 'source', t: parts.now(), source, badLines, message });
    parts.log({ level: 'warn', event: 'source', message: `${source}: ${message}${counted}` });
  }

  function tellGathered(source: string, state: Gathered): void {
    const badLines = sumOf(state.fresh);
    if (badLines === 0) return;
    report(
      source,
      badLines,
      state.last,
      badLines > 1 ? ` (${badLines} more: ${countsText(state.fresh)})` : '',
    );
    state.fresh = new Map();
    state.dueMs = parts.monotonic() + TELL_EVERY_MS;
  }

  return {
    onEvent(event) {
      const { source, message } = event;
      if (event.kind === 'well')
        return parts.log({ level: 'info', event: 'source', message: `${source}: ${message}` });
      if (event.kind === 'failed') return report(source, 0, message);
      const state = gathered.get(source) ?? {
        fresh: new Map(),
        all: new Map(),
        last: '',
        dueMs: parts.monotonic() + TELL_EVERY_MS,
      };
      gathered.set(source, state);
      const [oldest] = gathered.keys();
      if (gathered.size > MOST_SOURCES && oldest !== undefined) gathered.delete(oldest);
      const before = state.all.get(event.reason) ?? 0;
      state.all.set(event.reason, before + 1);
      if (before === 0) return report(source, 1, message);
      state.last = message;
      state.fresh.set(event.reason, (state.fresh.get(event.reason) ?? 0) + 1);
      if (parts.monotonic() >= state.dueMs) tellGathered(source, state);
    },
    tick() {
      for (const [source, state] of gathered)
        if (parts.monotonic() >= state.dueMs) tellGathered(source, state);
    },
    end() {
      for (const [source, state] of gathered) {
        tellGathered(source, state);
        const message = `${source}: ${sumOf(state.all)} refused in all: ${countsText(state.all)}`;
        parts.log({ level: 'warn', event: 'source', message });
      }
    },
  };
};

/**
 * Makes V8 collect garbage early instead of letting young memory grow: a gateway of 100 cylinders then needs some
 * 20 MB less and half a percent more of a core. To be called before anything else.
 */
export const keepHeapSmall = (): void => {
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--optimize-for-size');
};
