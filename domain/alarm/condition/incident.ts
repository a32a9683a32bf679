import { levelAt, rankOf, reachedRank } from '../policy/policy.ts';
import { canReopen, type DraftIncident, type FoldContext, isOpen, startOf } from '../state/fold-context.ts';
import { type Interruption, incidentId, NAMED_INCIDENTS } from '../state/output.ts';
import { firstAbnormal, lastAbnormal } from '../state/slot-window.ts';
import type { Incident } from '../state/state.ts';

/** How many reopenings of one incident are remembered where the policy does not ask for more. */
const REMEMBERED_REOPENINGS = 11;

/** The start of the last abnormal slot of the window with which an incident opens, ms. */
const lastAbnormalAt = (context: FoldContext, slot: number): number =>
  startOf(context, lastAbnormal(context.state.window) ?? slot);

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
    abnormalAt: lastAbnormalAt(context, slot),
    clearedAt: null,
    final: false,
    notices: 0,
    acknowledgedBy: null,
    comment: null,
    endedAt: null,
    endedBy: null,
    closing: null,
  };
};

const reopen = (context: FoldContext, incident: Incident, slot: number): Incident => ({
  ...incident,
  // The first raise, and as many reopenings as it takes to tell whether it flaps.
  raisedSlots: [...incident.raisedSlots, slot].slice(
    -1 - Math.max(REMEMBERED_REOPENINGS, context.rules.policy.flapping.reopenings),
  ),
  reopenings: incident.reopenings + 1,
  abnormalAt: lastAbnormalAt(context, slot),
  clearedAt: null,
});

/** Another incident takes the place of the latest; of one that people were told of, its end has yet to be told. */
const replace = ({ state, replaced }: FoldContext, latest: Incident): void => {
  replaced.push(latest);
  const { raisedAt, severity, notices } = latest;
  if (state.notified?.raisedAt === latest.raisedAt) state.superseded = { raisedAt, severity, notices };
};

/** The incident that a raise at `slot` opens: the one that just cleared, or another. */
export const raise = (context: FoldContext, slot: number): DraftIncident => {
  const { state } = context;
  const latest = state.incident;
  if (latest !== null && canReopen(context, latest, slot)) {
    forgetUnnotified(context, latest);
    state.incident = reopen(context, latest, slot);
  } else {
    if (latest !== null) replace(context, latest);
    // What was shelved is over for good.
    state.shelf = null;
    state.incident = begin(context, slot);
  }
  return state.incident;
};

/** An abnormal slot counted: while an incident is open, it is the last of it so far. */
export const noteAbnormal = (context: FoldContext, slot: number): void => {
  const { incident } = context.state;
  if (incident !== null && isOpen(context)) incident.abnormalAt = startOf(context, slot);
};

/** A shelf holds until its incident is over for good: not open, and it could not be reopened at `slot`. */
export const endShelfForGood = (context: FoldContext, slot: number): void => {
  const { state } = context;
  if (state.shelf === null || isOpen(context) || state.incident === null) return;
  if (!canReopen(context, state.incident, slot)) state.shelf = null;
};

/**
 * Maintenance or a new sample period: an open incident is over, and the latest one is not reopened; the condition is
 * NORMAL, and shelf, hold and warm-up end. `cause` is said with the change of the condition.
 */
export const interrupt = (context: FoldContext, cause: Interruption): void => {
  const { state, now, cylinder, outputs } = context;
  const { incident, condition } = state;
  const wasOpen = isOpen(context);
  const ended = wasOpen ? { endedAt: now, endedBy: cause } : {};
  if (incident !== null) state.incident = { ...incident, ...ended, final: true };
  state.condition = 'NORMAL';
  state.hold = 0;
  state.runningSlots = 0;
  state.shelf = null;
  if (condition === 'NORMAL') return;
  const id = wasOpen ? (incident?.id ?? null) : null;
  outputs.push({ kind: 'condition', cylinder, t: now, from: condition, to: 'NORMAL', incident: id, cause });
};

/** One more slot spent active: the severity rises by it and never drops, and a rise ends what kept people from being told. */
export const stayActive = (context: FoldContext, incident: DraftIncident, slot: number): void => {
  const { state, rules } = context;
  const current = incident.severity === '' ? -1 : rankOf(rules, incident.severity, incident.active);
  incident.active += 1;
  const reached = reachedRank(rules, incident.active);
  if (reached <= current) return;
  const { severity } = levelAt(rules, reached);
  incident.severity = severity;
  incident.acknowledgedBy = null;
  state.shelf = null;
  context.outputs.push({
    kind: 'severity',
    cylinder: context.cylinder,
    t: startOf(context, slot),
    incident: incident.id,
    severity,
  });
};

/**
 * Remembers an incident that clears without anybody having been told of it, unless somebody had shelved it: it is
 * told afterwards, once, with all others like it.
 */
export const rememberUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state, rules, now } = context;
  if (rankOf(rules, incident.severity, incident.active) < rules.notifyRank) return;
  if (state.notified?.raisedAt === incident.raisedAt) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const { raisedAt, severity, notices } = incident;
  state.unnotified = {
    // One more than are named: the latest may be reopened, and is no longer unnotified then.
    newest: [...(state.unnotified?.newest ?? []), [raisedAt, severity, notices] as const].slice(
      -NAMED_INCIDENTS - 1,
    ),
    count: (state.unnotified?.count ?? 0) + 1,
  };
};

/** An incident that is raised again has not come and gone untold, whatever becomes of it now. */
const forgetUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state } = context;
  const { unnotified } = state;
  if (unnotified === null || unnotified.newest.at(-1)?.[0] !== incident.raisedAt) return;
  state.unnotified =
    unnotified.count === 1 ? null : { newest: unnotified.newest.slice(0, -1), count: unnotified.count - 1 };
};
