import { judge } from './condition.ts';
import { counts, type Slot } from './counting.ts';
import { advance, count, resize } from './slot-window.ts';
import { reconcile } from './telling.ts';
import { isRecent, type Turn } from './turn.ts';

const ABNORMAL = 1;
const RUNNING = 2;
const FLAGS = 8;

const slotOf = (entry: number): number => Math.floor(entry / FLAGS);

/** Notes that a sample fell into a slot; doing so twice changes nothing. Slots stay in ascending order. */
export const receive = (turn: Turn, { slot, abnormal, running }: Slot): void => {
  const { state } = turn;
  const flags = (abnormal ? ABNORMAL : 0) | (running ? RUNNING : 0);
  state.highestSlot = Math.max(slot, state.highestSlot ?? slot);
  let at = state.pending.length;
  while (at > 0 && slotOf(state.pending[at - 1] ?? 0) > slot) at -= 1;
  const before = state.pending[at - 1];
  if (before !== undefined && slotOf(before) === slot) {
    state.pending[at - 1] = slot * FLAGS + ((before % FLAGS) | flags);
  } else {
    state.pending.splice(at, 0, slot * FLAGS + flags);
  }
};

/** The window moves on with every slot evaluated: one that has left it does not come back when the window widens. */
const moveTo = (turn: Turn, slot: number): void => {
  const { state, rules } = turn;
  if (state.window.size !== rules.windowSlots) state.window = resize(state.window, rules.windowSlots);
  advance(state.window, slot);
  state.evaluatedSinceTick += state.evaluatedSlot === null ? 1 : slot - state.evaluatedSlot;
  state.evaluatedSlot = slot;
};

const evaluate = (turn: Turn, entry: number): void => {
  const { state } = turn;
  const slot = slotOf(entry);
  const abnormal = (entry & ABNORMAL) !== 0;
  moveTo(turn, slot);
  if (counts(turn, { slot, abnormal, running: (entry & RUNNING) !== 0 })) {
    count(state.window, abnormal);
    judge(turn, slot);
  }
  state.receivedSlot = slot;
  if (isRecent(turn, slot)) reconcile(turn);
};

/** Evaluates every slot up to and including `last`, in order, each once. */
export const evaluateTo = (turn: Turn, last: number): void => {
  const { state } = turn;
  let due = 0;
  for (const entry of state.pending) {
    if (slotOf(entry) > last) break;
    evaluate(turn, entry);
    due += 1;
  }
  if (due > 0) state.pending.splice(0, due);
  if (state.evaluatedSlot !== null && last > state.evaluatedSlot) moveTo(turn, last);
};

/** Evaluates what has waited long enough for stragglers. */
export const evaluateDue = (turn: Turn): void => {
  const { highestSlot } = turn.state;
  if (highestSlot !== null) evaluateTo(turn, highestSlot - turn.rules.latenessSlots);
};

/** Evaluates all that is left once a cylinder has been silent for `staleAfterMs`. */
export const evaluateStale = (turn: Turn): void => {
  const { lastSeenAt, highestSlot } = turn.state;
  if (lastSeenAt === null || highestSlot === null) return;
  if (turn.now - lastSeenAt >= turn.rules.policy.staleAfterMs) evaluateTo(turn, highestSlot);
};
