import { forgetMissed } from './missed.ts';
import { levelAt, rankOf, reachedRank } from './rules.ts';
import { firstAbnormal } from './slot-window.ts';
import type { Incident } from './state.ts';
import { lengthOf, startOf, type Turn } from './turn.ts';

/** How many reopenings of one incident are remembered where the policy does not ask for more. */
const REMEMBERED_REOPENINGS = 31;

export const isOpen = ({ state }: Turn): boolean =>
  state.condition === 'ACTIVE' || state.condition === 'CLEARING';

/** Whether another raise at `slot` would be the same trouble come back. */
export const canReopen = (turn: Turn, incident: Incident, slot: number): boolean =>
  !incident.final &&
  incident.clearedSlot !== null &&
  lengthOf(turn, slot - incident.clearedSlot) < turn.rules.policy.reopenWithinMs;

/** The name of the incident that a cylinder's slot starting at `raisedAt`, ms, raised. */
export const incidentId = (cylinder: string, raisedAt: number): string => `${cylinder}@${raisedAt}`;

const begin = (turn: Turn, slot: number): Incident => {
  const raisedAt = startOf(turn, slot);
  return {
    id: incidentId(turn.cylinder, raisedAt),
    raisedAt,
    beganAt: startOf(turn, firstAbnormal(turn.state.window) ?? slot),
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

const reopen = ({ rules }: Turn, incident: Incident, slot: number): Incident => ({
  ...incident,
  // The first raise, and as many reopenings as it takes to tell whether it flaps.
  raisedSlots: [...incident.raisedSlots, slot].slice(
    -1 - Math.max(REMEMBERED_REOPENINGS, rules.policy.flapping.reopenings),
  ),
  reopenings: incident.reopenings + 1,
  clearedSlot: null,
});

/** Another incident takes the place of the latest; of one that people were told of, its end has yet to be told. */
const replace = ({ state, replaced }: Turn, latest: Incident): void => {
  replaced.push(latest);
  const { raisedAt, severity, notices } = latest;
  if (state.told?.incident === latest.id) state.former = { raisedAt, severity, notices };
};

/** The incident that a raise at `slot` opens: the one that just cleared, or another. */
export const raise = (turn: Turn, slot: number): Incident => {
  const { state } = turn;
  const latest = state.incident;
  if (latest !== null && canReopen(turn, latest, slot)) {
    forgetMissed(turn, latest);
    state.incident = reopen(turn, latest, slot);
  } else {
    if (latest !== null) replace(turn, latest);
    state.incident = begin(turn, slot);
  }
  return state.incident;
};

/** One more slot spent active: the severity rises by it and never drops, and a rise ends what kept people from being told. */
export const stayActive = (turn: Turn, incident: Incident, slot: number): void => {
  const { state, rules } = turn;
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
  turn.outputs.push({
    kind: 'severity',
    cylinder: turn.cylinder,
    t: startOf(turn, slot),
    incident: incident.id,
    severity,
  });
};
