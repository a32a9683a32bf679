import { isCovered, judge } from './condition/condition.ts';
import { standingOf } from './condition/counting.ts';
import { endShelfForGood, noteAbnormal } from './condition/incident.ts';
import { noteJudged, noteUnjudged } from './liveness/judging.ts';
import { reconcileNotices } from './notices/reconcile-notices.ts';
import { evaluatedSlot, type FoldContext, isRecent, lengthOf, startOf } from './state/fold-context.ts';
import { advance, count, resize } from './state/slot-window.ts';
import type { Slot } from './state/state.ts';

const ABNORMAL = 1;
const RUNNING = 2;
const FLAGS = 8;

const slotOf = (entry: number): number => Math.floor(entry / FLAGS);

/** Notes that a sample fell into a slot; doing so twice changes nothing. Slots stay in ascending order. */
export const receive = (context: FoldContext, { slot, abnormal, running }: Slot): void => {
  const { state, pending } = context;
  const flags = (abnormal ? ABNORMAL : 0) | (running ? RUNNING : 0);
  if (state.highestSlot === null || slot > state.highestSlot) {
    state.highestSlot = slot;
    state.isHighestRunning = running;
  } else if (slot === state.highestSlot) {
    state.isHighestRunning ||= running;
  }
  let at = pending.length;
  while (at > 0 && slotOf(pending[at - 1] ?? 0) > slot) at -= 1;
  const before = pending[at - 1];
  if (before !== undefined && slotOf(before) === slot) {
    pending[at - 1] = slot * FLAGS + ((before % FLAGS) | flags);
  } else {
    pending.splice(at, 0, slot * FLAGS + flags);
  }
};

/** The window moves on with every slot evaluated: one that has left it does not come back when the window widens. */
const moveTo = (context: FoldContext, slot: number): void => {
  const { state, rules } = context;
  if (state.window.size !== rules.windowSlots) state.window = resize(state.window, rules.windowSlots);
  advance(state.window, slot);
  const before = evaluatedSlot(context);
  const slots = before === null ? 1 : slot - before;
  state.evaluatedMsSinceTick += lengthOf(context, slots);
  state.evaluatedAt = startOf(context, slot);
};

const evaluate = (context: FoldContext, entry: number): void => {
  const { state } = context;
  const slot = slotOf(entry);
  const abnormal = (entry & ABNORMAL) !== 0;
  const running = (entry & RUNNING) !== 0;
  moveTo(context, slot);
  const received = { slot, abnormal, running };
  context.evaluated.push(received);
  const standing = standingOf(context, received);
  if (standing === 'counts') {
    count(state.window, abnormal);
    if (abnormal) noteAbnormal(context, slot);
  }
  const isCounted = standing === 'counts' && isCovered(context);
  if (isCounted || standing === 'idle') noteJudged(context);
  else noteUnjudged(context, standing === 'warm-up' ? 'warm-up' : 'coverage');
  if (isCounted) judge(context, slot);
  endShelfForGood(context, slot);
  state.receivedSlot = slot;
  if (isRecent(context, startOf(context, slot))) reconcileNotices(context);
};

/** Evaluates every slot up to and including `last`, in order, each once. */
export const evaluateTo = (context: FoldContext, last: number): void => {
  const { pending } = context;
  let due = 0;
  for (const entry of pending) {
    if (slotOf(entry) > last) break;
    evaluate(context, entry);
    due += 1;
  }
  if (due > 0) pending.splice(0, due);
  const reached = evaluatedSlot(context);
  if (reached !== null && last > reached) moveTo(context, last);
};

/** Evaluates what has waited long enough for stragglers. */
export const evaluateDue = (context: FoldContext): void => {
  const { highestSlot } = context.state;
  if (highestSlot !== null) evaluateTo(context, highestSlot - context.rules.latenessSlots);
};

/** Evaluates all that is left once a cylinder has been silent for `staleAfterMs`. */
export const evaluateStale = (context: FoldContext): void => {
  const { lastSeenAt, highestSlot } = context.state;
  if (lastSeenAt === null || highestSlot === null) return;
  if (context.now - lastSeenAt >= context.rules.policy.staleAfterMs) evaluateTo(context, highestSlot);
};
