import { unwatchedDueAt } from '../alarm/liveness/judging.ts';
import { isAheadOf, offlineDueAt } from '../alarm/liveness/liveness.ts';
import { owesNotice } from '../alarm/notices/reconcile-notices.ts';
import { type Policy, rulesOf } from '../alarm/policy/policy.ts';
import { openContext } from '../alarm/state/fold-context.ts';
import { isOpenCondition } from '../alarm/state/output.ts';
import type { CylinderState, Liveness } from '../alarm/state/state.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';

/** When a reminder is due if the machine is then still seen running: it is held back otherwise. */
const reminderDue = (alarm: CylinderState, policy: Policy): number | null => {
  const { notified, incident, lastSeenAt, isHighestRunning } = alarm;
  if (notified === null || incident === null || incident.acknowledgedBy !== null || lastSeenAt === null)
    return null;
  if (!isOpenCondition(alarm.condition) || !isHighestRunning || notified.reminders >= policy.maxReminders)
    return null;
  const intervalMs = rulesOf(policy).reminders.get(incident.severity);
  if (intervalMs === undefined) return null;
  const dueAt = notified.remindedAt + intervalMs;
  return dueAt < lastSeenAt + policy.staleAfterMs ? dueAt : null;
};

/** Whether people have yet to be notified of what came in late: they are at ticks, and copying the state costs only then. */
const isOwed = (alarm: CylinderState, now: number, policy: Policy): boolean => {
  if (alarm.notified === null && alarm.unnotified === null && !isOpenCondition(alarm.condition)) return false;
  return owesNotice(openContext('', alarm, now, policy));
};

/** Whether a tick would set a time right that a wrong clock told. */
export const isAlarmAhead = (
  { liveness, lastSeenAt, judging }: CylinderState,
  now: number,
  policy: Policy,
): boolean => {
  const { judgedAt, heardAnewAt } = judging;
  const times = [liveness?.lastHeardAt ?? null, lastSeenAt, judgedAt, heardAnewAt];
  return isAheadOf(now, times, policy);
};

/** UNWATCHED of a cylinder that is not heard by then is not told. */
const unwatchedDue = (alarm: CylinderState, { lastHeardAt }: Liveness, policy: Policy): number | null => {
  const dueAt = unwatchedDueAt(alarm, policy);
  return dueAt !== null && dueAt < lastHeardAt + policy.staleAfterMs ? dueAt : null;
};

const livenessDue = (
  alarm: CylinderState,
  restsUntil: number | null,
  now: number,
  policy: Policy,
): readonly (number | null)[] => {
  const { liveness, maintenance } = alarm;
  if (liveness === null) return [];
  const { offline, lastHeardAt } = liveness;
  const offlineDue = Math.max(lastHeardAt + policy.offlineAfterMs, maintenance?.until ?? 0, restsUntil ?? 0);
  return [
    offline === null ? offlineDue : offlineDueAt(liveness, now, policy),
    unwatchedDue(alarm, liveness, policy),
  ];
};

/**
 * The earliest time from `now`, ms by the receiver's clock, at which a sweep would find something to do for a cylinder
 * that is not heard of again; null where there is nothing to wait for.
 */
export const cylinderDueAt = (
  { alarm, twinAt, restsUntil }: Pick<CylinderRecord, 'alarm' | 'twinAt' | 'restsUntil'>,
  now: number,
  policy: Policy,
): number | null => {
  const { lastSeenAt, pendingSteps, shelf, maintenance } = alarm;
  if (isAlarmAhead(alarm, now, policy) || isOwed(alarm, now, policy)) return now;
  const times: (number | null)[] = [
    reminderDue(alarm, policy),
    shelf?.until ?? null,
    ...livenessDue(alarm, restsUntil, now, policy),
  ];
  if (maintenance !== null && maintenance.until > twinAt) times.push(maintenance.until);
  if (lastSeenAt !== null) {
    const staleAt = lastSeenAt + policy.staleAfterMs;
    if (pendingSteps.length > 0 || twinAt < staleAt) times.push(staleAt);
  }
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
};
