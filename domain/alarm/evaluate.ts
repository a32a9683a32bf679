import { standingOf } from './condition/counting.ts';
import {
  endShelfForGood,
  noteAbnormal,
  raise,
  rememberUnnotified,
  stayActive,
} from './condition/incident.ts';
import { noteJudged, noteUnjudged } from './liveness/judging.ts';
import { reconcileNotices } from './notices/reconcile-notices.ts';
import { levelAt, rankOf } from './policy/policy.ts';
import {
  type DraftIncident,
  evaluatedSlot,
  type FoldContext,
  isEvaluated,
  isOpen,
  isRecent,
  lengthOf,
  startOf,
} from './state/fold-context.ts';
import type { Condition } from './state/output.ts';
import { advance, count, resize } from './state/slot-window.ts';
import type { Incident } from './state/state.ts';

const change = (context: FoldContext, slot: number, to: Condition, incident: Incident | null): void => {
  const from = context.state.condition;
  context.state.condition = to;
  context.outputs.push({
    kind: 'condition',
    cylinder: context.cylinder,
    t: startOf(context, slot),
    from,
    to,
    incident: incident?.id ?? null,
    ...(to === 'ACTIVE' && incident !== null ? { began: incident.beganAt } : {}),
  });
};

const quiet = (context: FoldContext, slot: number, ratio: number): void => {
  const { policy } = context.rules;
  const { condition } = context.state;
  if (ratio >= policy.raiseRatio) {
    const incident = raise(context, slot);
    change(context, slot, 'ACTIVE', incident);
    stayActive(context, incident, slot);
    return;
  }
  const to = ratio >= policy.clearRatio ? 'SUSPECT' : 'NORMAL';
  if (to !== condition) change(context, slot, to, null);
};

/** Clears the incident once the quiet has held as long as its level asks. */
const holdOn = (context: FoldContext, slot: number, incident: Incident): void => {
  const { state, rules } = context;
  const { clearHoldMs } = levelAt(rules, rankOf(rules, incident.severity, incident.active));
  if (lengthOf(context, state.hold) < clearHoldMs) return;
  state.incident = { ...incident, clearedAt: startOf(context, slot) };
  rememberUnnotified(context, state.incident);
  change(context, slot, 'NORMAL', incident);
  state.hold = 0;
};

const open = (context: FoldContext, slot: number, ratio: number, incident: DraftIncident): void => {
  const { state, rules } = context;
  const isQuiet = ratio < rules.policy.clearRatio;
  if (!isQuiet) {
    if (state.condition === 'CLEARING') change(context, slot, 'ACTIVE', incident);
    state.hold = 0;
    stayActive(context, incident, slot);
    return;
  }
  if (state.condition === 'ACTIVE') change(context, slot, 'CLEARING', incident);
  state.hold += 1;
  holdOn(context, slot, incident);
};

/** Whether enough of the window counted for anything to change. */
const isCovered = ({ state: { window }, rules }: FoldContext): boolean =>
  window.countedSlots / window.size >= rules.policy.minCoverage;

/** Moves the condition at a covered counting slot by the share of abnormal slots in the window that ends with it. */
const judge = (context: FoldContext, slot: number): void => {
  const { window, incident } = context.state;
  const ratio = window.abnormalSlots / window.countedSlots;
  if (isOpen(context) && incident !== null) open(context, slot, ratio, incident);
  else quiet(context, slot, ratio);
};

const ABNORMAL = 1;
const RUNNING = 2;
const FLAGS = 8;

const slotOf = (entry: number): number => Math.floor(entry / FLAGS);

/** Puts a slot among those that wait, looking from the newest back: nearly every sample belongs behind it. */
const putPending = (steps: number[], slot: number, flags: number): void => {
  let at = steps.length;
  let before = 0;
  // By a plain loop: half a minute of slots wait, and an iterator over them would cost more than all else.
  for (let index = 0; index < at; index += 1) before += steps[index] ?? 0;
  while (at > 0 && slotOf(before) > slot) {
    at -= 1;
    before -= steps[at] ?? 0;
  }
  const isKnown = at > 0 && slotOf(before) === slot;
  const change = isKnown ? flags & ~before : slot * FLAGS + flags - before;
  if (at < steps.length) steps[at] = (steps[at] ?? 0) - change;
  if (isKnown) steps[at - 1] = (steps[at - 1] ?? 0) + change;
  else if (at === steps.length) steps.push(change);
  else steps.splice(at, 0, change);
};

/** Notes that a sample fell into a slot; doing so twice changes nothing. Slots stay in ascending order. */
export const receive = ({ state }: FoldContext, slot: number, abnormal: boolean, running: boolean): void => {
  putPending(state.pendingSteps, slot, (abnormal ? ABNORMAL : 0) | (running ? RUNNING : 0));
  if (state.highestSlot === null || slot > state.highestSlot) {
    state.highestSlot = slot;
    state.isHighestRunning = running;
  } else if (slot === state.highestSlot) {
    state.isHighestRunning ||= running;
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
  // Nearly every message makes one slot due: an array that is pushed to makes room for many.
  if (context.evaluated.length === 0) context.evaluated = [received];
  else context.evaluated.push(received);
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

/** Takes off the first `due` of the slots that wait, the last of which is `entry`. */
const dropPending = (steps: number[], due: number, entry: number): void => {
  if (due < steps.length) steps[due] = (steps[due] ?? 0) + entry;
  // A message of one sample makes one slot due: shifting it out makes no array of what went.
  if (due === 1) steps.shift();
  else steps.splice(0, due);
};

/** Evaluates every slot up to and including `last`, in order, each once. */
export const evaluateTo = (context: FoldContext, last: number): void => {
  const { pendingSteps } = context.state;
  let due = 0;
  let entry = 0;
  for (; due < pendingSteps.length; due += 1) {
    const next = entry + (pendingSteps[due] ?? 0);
    if (slotOf(next) > last) break;
    entry = next;
    evaluate(context, entry);
  }
  if (due > 0) dropPending(pendingSteps, due, entry);
  if (context.state.evaluatedAt !== null && !isEvaluated(context, last)) moveTo(context, last);
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
