import { isOpen, raise, stayActive } from './incident.ts';
import { missUntold } from './missed.ts';
import type { Condition } from './output.ts';
import { levelAt, rankOf } from './rules.ts';
import type { Incident } from './state.ts';
import { lengthOf, startOf, type Turn } from './turn.ts';

const change = (turn: Turn, slot: number, to: Condition, incident: Incident | null): void => {
  const from = turn.state.condition;
  turn.state.condition = to;
  turn.outputs.push({
    kind: 'condition',
    cylinder: turn.cylinder,
    t: startOf(turn, slot),
    from,
    to,
    incident: incident?.id ?? null,
    ...(to === 'ACTIVE' && incident !== null ? { began: incident.beganAt } : {}),
  });
};

const quiet = (turn: Turn, slot: number, ratio: number): void => {
  const { policy } = turn.rules;
  const { condition } = turn.state;
  if (ratio >= policy.raiseRatio) {
    const incident = raise(turn, slot);
    change(turn, slot, 'ACTIVE', incident);
    stayActive(turn, incident, slot);
    return;
  }
  const to = ratio >= policy.clearRatio ? 'SUSPECT' : 'NORMAL';
  if (to !== condition) change(turn, slot, to, null);
};

/** Clears the incident once the quiet has held as long as its level asks. */
const holdOn = (turn: Turn, slot: number, incident: Incident): void => {
  const { state, rules } = turn;
  const { clearHoldMs } = levelAt(rules, rankOf(rules, incident.severity, incident.active));
  if (lengthOf(turn, state.hold) < clearHoldMs) return;
  state.incident = { ...incident, clearedSlot: slot };
  missUntold(turn, state.incident);
  change(turn, slot, 'NORMAL', incident);
  state.hold = 0;
  state.shelf = null;
};

const open = (turn: Turn, slot: number, ratio: number, incident: Incident): void => {
  const { state, rules } = turn;
  const isQuiet = ratio < rules.policy.clearRatio;
  if (!isQuiet) {
    if (state.condition === 'CLEARING') change(turn, slot, 'ACTIVE', incident);
    state.hold = 0;
    stayActive(turn, incident, slot);
    return;
  }
  if (state.condition === 'ACTIVE') change(turn, slot, 'CLEARING', incident);
  state.hold += 1;
  holdOn(turn, slot, incident);
};

/** Moves the condition at a counting slot by the share of abnormal slots in the window that ends with it. */
export const judge = (turn: Turn, slot: number): void => {
  const { window, incident } = turn.state;
  if (window.countedSlots / window.size < turn.rules.policy.minCoverage) return;
  const ratio = window.abnormalSlots / window.countedSlots;
  if (isOpen(turn) && incident !== null) open(turn, slot, ratio, incident);
  else quiet(turn, slot, ratio);
};
