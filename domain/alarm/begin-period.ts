import { interrupt } from './condition/incident.ts';
import { notifyRecovered } from './notices/reconcile-notices.ts';
import type { FoldContext } from './state/fold-context.ts';
import { emptyWindow } from './state/slot-window.ts';

/**
 * Begins slots, window, condition and warm-up afresh where the policy has a new sample period, before anything else of
 * an input. What people were told of is told RECOVERED at once, what they were not told of is dropped; evaluation goes
 * on after the last slot evaluated, so that no slot is judged twice.
 */
export const beginPeriod = (context: FoldContext): void => {
  const { state, rules } = context;
  const { samplePeriodMs } = rules.policy;
  if (state.samplePeriodMs === samplePeriodMs) return;
  interrupt(context, 'policy');
  notifyRecovered(context);
  state.unnotified = null;
  state.samplePeriodMs = samplePeriodMs;
  context.pending.length = 0;
  state.highestSlot = null;
  state.receivedSlot = null;
  state.window = emptyWindow(rules.windowSlots);
};
