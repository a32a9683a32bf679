import { owesNotice } from '../alarm/notices/reconcile-notices.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import { openContext } from '../alarm/state/fold-context.ts';
import { isOpenCondition } from '../alarm/state/output.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';

const reminderDue = ({ condition, told, incident }: CylinderState, policy: Policy): number | null => {
  if (told === null || incident === null || incident.acknowledgedBy !== null) return null;
  if (!isOpenCondition(condition) || told.reminders >= policy.maxReminders) return null;
  const { severity } = incident;
  const intervalMs = Object.hasOwn(policy.remind, severity) ? policy.remind[severity] : undefined;
  return intervalMs === undefined ? null : told.remindedAt + intervalMs;
};

/** Whether people have yet to be notified of what came in late: they are at ticks, and copying the state costs only then. */
const isOwed = (alarm: CylinderState, now: number, policy: Policy): boolean => {
  if (alarm.told === null && alarm.missed === null && !isOpenCondition(alarm.condition)) return false;
  return owesNotice(openContext('', alarm, now, policy));
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
  const { lastSeenAt, silence, gateway, pending, shelf, maintenance } = alarm;
  if (isOwed(alarm, now, policy)) return now;
  const times: (number | null)[] = [reminderDue(alarm, policy), shelf?.until ?? null];
  if (maintenance !== null && maintenance.until > twinAt) times.push(maintenance.until);
  if (lastSeenAt !== null) {
    const staleAt = lastSeenAt + policy.staleAfterMs;
    if (pending.length > 0 || twinAt < staleAt) times.push(staleAt);
    if (silence === null && gateway !== null)
      times.push(Math.max(lastSeenAt + policy.offlineAfterMs, maintenance?.until ?? 0, restsUntil ?? 0));
  }
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
};
