import type { Status } from '../message/status.ts';
import type { SourceEvent } from '../sources/source.ts';
import type { Log } from './log.ts';

export type SourceReporter = Readonly<{
  onEvent(event: SourceEvent): void;
  /** To be called from time to time: reports what has gathered. */
  tick(): void;
}>;

export type SourceReporterParts = Readonly<{
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
