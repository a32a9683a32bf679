import type { Turn } from './turn.ts';
import { lengthOf, startOf } from './turn.ts';

/** What is known of a received slot. */
export type Slot = Readonly<{ slot: number; abnormal: boolean; running: boolean }>;

const isInMaintenance = (turn: Turn, slot: number): boolean => {
  const { maintenance } = turn.state;
  return maintenance !== null && startOf(turn, slot) < maintenance.until;
};

/** Whether the samples before this slot are so far away that the machine may have been started since. */
const followsGap = (turn: Turn, slot: number): boolean => {
  const { receivedSlot } = turn.state;
  return receivedSlot !== null && lengthOf(turn, slot - receivedSlot) > turn.rules.policy.staleAfterMs;
};

/**
 * Whether a received slot counts: running, past the warm-up and outside maintenance. The warm-up is measured in
 * running slots, so a slot that was not received neither adds to it nor starts it again.
 */
export const counts = (turn: Turn, { slot, running }: Slot): boolean => {
  const { state, rules } = turn;
  if (!running || isInMaintenance(turn, slot)) {
    state.runningSlots = 0;
    return false;
  }
  state.runningSlots = followsGap(turn, slot) ? 1 : state.runningSlots + 1;
  return lengthOf(turn, state.runningSlots) > rules.policy.warmUpMs;
};
