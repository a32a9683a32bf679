import { endShelfForGood, stepCondition } from './oracle-condition.ts';
import { reconcile } from './oracle-notices.ts';
import type { Cylinder, Evaluated, Stream } from './oracle-state.ts';
import { mark, noteJudged } from './oracle-unwatched.ts';
import { countWindow, warmedUpSlots } from './oracle-window.ts';

/** Section "Time and slots": H, the highest slot received. */
export const highestSlot = (cylinder: Cylinder): number => Math.max(...cylinder.slots.keys());

/** Section "Time and slots": whether a sample for this slot is late; after a new period it is so by its start. */
export const isLate = (cylinder: Cylinder, slot: number): boolean => {
  const last = cylinder.evaluated.at(-1);
  return last !== undefined && slot * cylinder.periodMs <= last.startMs;
};

/** Section "Time and slots": evaluates, in order, every slot up to `last` that was not evaluated yet. */
export const evaluateUpTo = (stream: Stream, cylinder: Cylinder, last: number, now: number): void => {
  const before = cylinder.evaluated.at(-1);
  const first =
    before === undefined
      ? Math.min(...cylinder.slots.keys())
      : Math.floor(before.startMs / cylinder.periodMs) + 1;
  let next = first;
  for (const slot of [...cylinder.slots.keys()].toSorted((one, other) => one - other)) {
    if (slot < first || slot > last) continue;
    skip(stream, cylinder, next, slot - 1);
    evaluate(stream, cylinder, slot, now);
    next = slot + 1;
  }
  skip(stream, cylinder, next, last);
};

/** Slots that were not received, from one to another, both included: a single entry stands for them. */
const skip = ({ policy }: Stream, cylinder: Cylinder, from: number, to: number): void => {
  if (to < from) return;
  cylinder.evaluated.push({
    slot: to,
    startMs: to * policy.samplePeriodMs,
    periodMs: policy.samplePeriodMs,
    slots: to - from + 1,
    received: false,
    running: false,
    abnormal: false,
    inMaintenance: false,
    afterGap: false,
    beginning: cylinder.beginnings,
    windowSlots: policy.windowMs / policy.samplePeriodMs,
    counts: false,
  });
};

const evaluate = (stream: Stream, cylinder: Cylinder, slot: number, now: number): void => {
  const { policy } = stream;
  const bits = cylinder.slots.get(slot);
  const startMs = slot * policy.samplePeriodMs;
  const one: Evaluated = {
    slot,
    startMs,
    periodMs: policy.samplePeriodMs,
    slots: 1,
    received: true,
    running: bits?.running ?? false,
    abnormal: bits?.abnormal ?? false,
    inMaintenance: startMs < cylinder.maintenanceUntil,
    afterGap: isAfterGap(cylinder, startMs, policy.staleAfterMs),
    beginning: cylinder.beginnings,
    windowSlots: policy.windowMs / policy.samplePeriodMs,
    counts: false,
  };
  cylinder.evaluated.push(one);
  const warm = warmedUpSlots(cylinder) * policy.samplePeriodMs > policy.warmUpMs;
  one.counts = one.running && warm && !one.inMaintenance;
  const covered = one.counts && countWindow(cylinder, policy).coverage >= policy.minCoverage;
  if (!one.running || covered) noteJudged(stream, cylinder, now);
  else mark(cylinder, !warm && !one.inMaintenance ? 'warm-up' : 'coverage', now);
  if (covered) stepCondition(stream, cylinder, slot, now);
  endShelfForGood(stream, cylinder, slot);
  if (isRecent(stream, startMs, now)) reconcile(stream, cylinder, now);
};

/** Section "What counts", warm-up: a gap before the slot, among the slots of one beginning of slots. */
const isAfterGap = (cylinder: Cylinder, startMs: number, staleAfterMs: number): boolean => {
  const before = cylinder.evaluated.findLast(({ received }) => received);
  if (before === undefined || before.periodMs !== cylinder.periodMs) return false;
  return startMs - before.startMs > staleAfterMs;
};

/** Section "What people are told": recent by the clock of the input at hand. */
const isRecent = (stream: Stream, startMs: number, now: number): boolean =>
  now - startMs <= stream.policy.historicalAfterMs;

/** Section "What people are told": a gateway is emptying its queue, so what is told waits. */
export const isEmptyingQueue = (stream: Stream, cylinder: Cylinder, now: number): boolean => {
  const last = cylinder.evaluated.at(-1);
  if (last === undefined || isRecent(stream, last.startMs, now)) return false;
  const sinceTick = cylinder.evaluated.slice(cylinder.evaluatedAtTick);
  return (
    sinceTick.reduce((sum, { slots, periodMs }) => sum + slots * periodMs, 0) >
    stream.policy.historicalAfterMs
  );
};

/** Section "Time and slots": after `staleAfterMs` without a sample, all that is left up to H is evaluated. */
export const evaluateIfStale = (stream: Stream, cylinder: Cylinder, now: number): void => {
  if (cylinder.seen.length === 0 || now - Math.max(...cylinder.seen) < stream.policy.staleAfterMs) return;
  evaluateUpTo(stream, cylinder, highestSlot(cylinder), now);
};
