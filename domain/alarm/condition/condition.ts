import { levelAt, rankOf } from '../policy/rules.ts';
import { type FoldContext, lengthOf, startOf } from '../state/fold-context.ts';
import type { Condition } from '../state/output.ts';
import type { Incident } from '../state/state.ts';
import { isOpen, raise, stayActive } from './incident.ts';
import { rememberUnnotified } from './unnotified.ts';

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

const open = (context: FoldContext, slot: number, ratio: number, incident: Incident): void => {
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
export const isCovered = ({ state: { window }, rules }: FoldContext): boolean =>
  window.countedSlots / window.size >= rules.policy.minCoverage;

/** Moves the condition at a covered counting slot by the share of abnormal slots in the window that ends with it. */
export const judge = (context: FoldContext, slot: number): void => {
  const { window, incident } = context.state;
  const ratio = window.abnormalSlots / window.countedSlots;
  if (isOpen(context) && incident !== null) open(context, slot, ratio, incident);
  else quiet(context, slot, ratio);
};
