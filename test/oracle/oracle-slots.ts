import { stepCondition } from './oracle-condition.ts';
import type { Cylinder, Judged, Stream } from './oracle-state.ts';
import { reconcile } from './oracle-telling.ts';
import { warmedUpSlots } from './oracle-window.ts';

/** Section "Time and slots": H, the highest slot received. */
export const highestSlot = (cylinder: Cylinder): number => Math.max(...cylinder.slots.keys());

/** Section "Time and slots": whether a sample for this slot is late. */
export const isLate = (cylinder: Cylinder, slot: number): boolean => {
  const last = cylinder.judged.at(-1);
  return last !== undefined && slot <= last.slot;
};

/** Section "Time and slots": evaluates, in order, every slot up to `last` that was not evaluated yet. */
export const evaluateUpTo = (stream: Stream, cylinder: Cylinder, last: number, now: number): void => {
  const before = cylinder.judged.at(-1);
  const first = before === undefined ? Math.min(...cylinder.slots.keys()) : before.slot + 1;
  for (let slot = first; slot <= last; slot += 1) evaluate(stream, cylinder, slot, now);
};

const evaluate = (stream: Stream, cylinder: Cylinder, slot: number, now: number): void => {
  const { policy } = stream;
  const bits = cylinder.slots.get(slot);
  const startMs = slot * policy.samplePeriodMs;
  const judged: Judged = {
    slot,
    received: bits !== undefined,
    running: bits?.running ?? false,
    abnormal: bits?.abnormal ?? false,
    inMaintenance: startMs < cylinder.maintenanceUntil,
    afterGap: bits !== undefined && isAfterGap(cylinder, slot, policy),
    maintenances: cylinder.maintenances,
    windowSlots: policy.windowMs / policy.samplePeriodMs,
    counts: false,
  };
  cylinder.judged.push(judged);
  if (!judged.received) return;
  const warm = warmedUpSlots(cylinder) * policy.samplePeriodMs > policy.warmUpMs;
  judged.counts = judged.running && warm && !judged.inMaintenance;
  if (judged.counts) stepCondition(stream, cylinder, slot, now);
  if (isRecent(stream, slot, now)) reconcile(stream, cylinder, now);
};

/** Section "What counts", warm-up: a gap before the slot. */
const isAfterGap = (
  cylinder: Cylinder,
  slot: number,
  policy: { samplePeriodMs: number; staleAfterMs: number },
): boolean => {
  const before = cylinder.judged.findLast(({ received }) => received);
  return before !== undefined && (slot - before.slot) * policy.samplePeriodMs > policy.staleAfterMs;
};

/** Section "What people are told": recent by the clock of the input at hand. */
export const isRecent = (stream: Stream, slot: number, now: number): boolean =>
  now - slot * stream.policy.samplePeriodMs <= stream.policy.historicalAfterMs;

/** Section "What people are told": a gateway is emptying its queue, so what is told waits. */
export const isEmptyingQueue = (stream: Stream, cylinder: Cylinder, now: number): boolean => {
  const last = cylinder.judged.at(-1);
  if (last === undefined || isRecent(stream, last.slot, now)) return false;
  const sinceTick = cylinder.judged.length - cylinder.judgedAtTick;
  return sinceTick * stream.policy.samplePeriodMs > stream.policy.historicalAfterMs;
};

/** Section "Time and slots": after `staleAfterMs` without a sample, all that is left up to H is evaluated. */
export const evaluateIfStale = (stream: Stream, cylinder: Cylinder, now: number): void => {
  if (cylinder.lastSeen === null || now - cylinder.lastSeen < stream.policy.staleAfterMs) return;
  evaluateUpTo(stream, cylinder, highestSlot(cylinder), now);
};
