import { levelAt, rankOf, reachedRank } from '../policy/rules.ts';
import { type FoldContext, lengthOf, startOf } from '../state/fold-context.ts';
import { isOpenCondition } from '../state/output.ts';
import { firstAbnormal } from '../state/slot-window.ts';
import type { Incident } from '../state/state.ts';
import { forgetUnnotified } from './unnotified.ts';

/** How many reopenings of one incident are remembered where the policy does not ask for more. */
const REMEMBERED_REOPENINGS = 31;

export const isOpen = ({ state }: FoldContext): boolean => isOpenCondition(state.condition);

/** Whether another raise at `slot` would be the same trouble come back. */
export const canReopen = (context: FoldContext, incident: Incident, slot: number): boolean =>
  !incident.final &&
  incident.clearedSlot !== null &&
  lengthOf(context, slot - incident.clearedSlot) < context.rules.policy.reopenWithinMs;

/** The name of the incident that a cylinder's slot starting at `raisedAt`, ms, raised. */
export const incidentId = (cylinder: string, raisedAt: number): string => `${cylinder}@${raisedAt}`;

const begin = (context: FoldContext, slot: number): Incident => {
  const raisedAt = startOf(context, slot);
  return {
    id: incidentId(context.cylinder, raisedAt),
    raisedAt,
    beganAt: startOf(context, firstAbnormal(context.state.window) ?? slot),
    raisedSlots: [slot],
    reopenings: 0,
    severity: '',
    active: 0,
    clearedSlot: null,
    final: false,
    notices: 0,
    acknowledgedBy: null,
    comment: null,
    endedAt: null,
    closing: null,
  };
};

const reopen = ({ rules }: FoldContext, incident: Incident, slot: number): Incident => ({
  ...incident,
  // The first raise, and as many reopenings as it takes to tell whether it flaps.
  raisedSlots: [...incident.raisedSlots, slot].slice(
    -1 - Math.max(REMEMBERED_REOPENINGS, rules.policy.flapping.reopenings),
  ),
  reopenings: incident.reopenings + 1,
  clearedSlot: null,
});

/** Another incident takes the place of the latest; of one that people were told of, its end has yet to be told. */
const replace = ({ state, replaced }: FoldContext, latest: Incident): void => {
  replaced.push(latest);
  const { raisedAt, severity, notices } = latest;
  if (state.told?.incident === latest.id) state.former = { raisedAt, severity, notices };
};

/** The incident that a raise at `slot` opens: the one that just cleared, or another. */
export const raise = (context: FoldContext, slot: number): Incident => {
  const { state } = context;
  const latest = state.incident;
  if (latest !== null && canReopen(context, latest, slot)) {
    forgetUnnotified(context, latest);
    state.incident = reopen(context, latest, slot);
  } else {
    if (latest !== null) replace(context, latest);
    state.incident = begin(context, slot);
  }
  return state.incident;
};

/** One more slot spent active: the severity rises by it and never drops, and a rise ends what kept people from being told. */
export const stayActive = (context: FoldContext, incident: Incident, slot: number): void => {
  const { state, rules } = context;
  const active = incident.active + 1;
  const reached = reachedRank(rules, active);
  const current = incident.severity === '' ? -1 : rankOf(rules, incident.severity, incident.active);
  if (reached <= current) {
    state.incident = { ...incident, active };
    return;
  }
  const { severity } = levelAt(rules, reached);
  state.incident = { ...incident, active, severity, acknowledgedBy: null };
  state.shelf = null;
  context.outputs.push({
    kind: 'severity',
    cylinder: context.cylinder,
    t: startOf(context, slot),
    incident: incident.id,
    severity,
  });
};
