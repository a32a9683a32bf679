import type { FoldContext } from '../state/fold-context.ts';
import { lengthOf, startOf } from '../state/fold-context.ts';
import type { Slot } from '../state/state.ts';

/** What becomes of a received slot: it counts, or why it does not. */
export type Standing = 'counts' | 'idle' | 'maintenance' | 'warm-up';

const startsInMaintenance = (context: FoldContext, slot: number): boolean => {
  const { maintenance } = context.state;
  return maintenance !== null && startOf(context, slot) < maintenance.until;
};

/** Whether the samples before this slot are so far away that the machine may have been started since. */
const followsGap = (context: FoldContext, slot: number): boolean => {
  const { receivedSlot } = context.state;
  return receivedSlot !== null && lengthOf(context, slot - receivedSlot) > context.rules.policy.staleAfterMs;
};

/**
 * Whether a received slot counts: running, past the warm-up and outside maintenance. The warm-up is measured in
 * running slots, so a slot that was not received neither adds to it nor starts it again.
 */
export const standingOf = (context: FoldContext, { slot, running }: Slot): Standing => {
  const { state, rules } = context;
  if (!running || startsInMaintenance(context, slot)) {
    state.runningSlots = 0;
    return running ? 'maintenance' : 'idle';
  }
  state.runningSlots = followsGap(context, slot) ? 1 : state.runningSlots + 1;
  return lengthOf(context, state.runningSlots) > rules.policy.warmUpMs ? 'counts' : 'warm-up';
};
