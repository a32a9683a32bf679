import type { Committed } from './group-commit.ts';

/** From such a wait on messages come in faster than they are stored; a slow disk alone holds them up for less. */
const LATE_MS = 5_000;
const CAUGHT_UP_MS = 1_000;
/** How often it is said again while it lasts. */
const AGAIN_MS = 300_000;

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** Says where more comes in than is stored, by how much and what to do about it, and when that is over. */
export const reportLag = (
  log: (line: string) => void,
  nowMs: () => number = performance.now.bind(performance),
): ((committed: Committed) => void) => {
  let sinceMs: number | null = null;
  let saidMs = -Infinity;
  let lastMs = nowMs();
  return ({ items, waitedMs, waiting }) => {
    const now = nowMs();
    const perSecond = Math.round((1000 * items) / Math.max(1, now - lastMs));
    lastMs = now;
    if (sinceMs !== null && waitedMs < CAUGHT_UP_MS) {
      log(`it keeps up again, after ${seconds(now - sinceMs)}: messages are stored within a second`);
      sinceMs = null;
      saidMs = -Infinity;
    } else if (waitedMs >= LATE_MS) {
      sinceMs ??= now - waitedMs;
      if (now - saidMs < AGAIN_MS) return;
      saidMs = now;
      log(
        `it cannot keep up: messages wait ${seconds(waitedMs)} until they are stored and acknowledged, ${waiting} are waiting, ` +
          `and ${perSecond} a second get done. None is lost while their senders keep them. If it stays so, let each message ` +
          'carry ten samples, stop what else takes the processor or the disk, or watch part of the line on another machine',
      );
    }
  };
};
