import { foldCylinder } from '../alarm/fold-cylinder.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import { isOpenCondition } from '../alarm/state/output.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';

const reminderDue = ({ told, incident, ...alarm }: CylinderState, policy: Policy): number | null => {
  const isOf = told !== null && incident !== null && incident.acknowledgedBy === null;
  if (!isOf || !isOpenCondition(alarm.condition) || told.reminders >= policy.maxReminders) return null;
  const { severity } = incident;
  const intervalMs = Object.hasOwn(policy.remind, severity) ? policy.remind[severity] : undefined;
  return intervalMs === undefined ? null : told.remindedAt + intervalMs;
};

/**
 * Whether a tick would tell something that nothing else has: of what comes in late, people are told at ticks, unless a
 * queue is being emptied, and then at the tick after.
 */
const owesNotice = (alarm: CylinderState, now: number, policy: Policy): boolean => {
  if (alarm.told === null && alarm.missed === null && !isOpenCondition(alarm.condition)) return false;
  const quiet = { ...alarm, evaluatedSinceTick: 0 };
  const { outputs } = foldCylinder('', quiet, { kind: 'tick', receivedAt: now }, policy);
  return outputs.some(({ kind }) => kind === 'notice');
};

/**
 * The earliest time from `now`, ms by the receiver's clock, at which a sweep would find something to do for a cylinder
 * that is not heard of again; null where there is nothing to wait for.
 */
export const cylinderDueAt = (
  { alarm, twinAt }: Pick<CylinderRecord, 'alarm' | 'twinAt'>,
  now: number,
  policy: Policy,
): number | null => {
  const { lastSeenAt, silence, gateway, pending, shelf, maintenance } = alarm;
  if (owesNotice(alarm, now, policy)) return now;
  const times: (number | null)[] = [reminderDue(alarm, policy), shelf?.until ?? null];
  if (maintenance !== null && maintenance.until > twinAt) times.push(maintenance.until);
  if (lastSeenAt !== null) {
    const staleAt = lastSeenAt + policy.staleAfterMs;
    if (pending.length > 0 || twinAt < staleAt) times.push(staleAt);
    if (silence === null && gateway !== null)
      times.push(Math.max(lastSeenAt + policy.offlineAfterMs, maintenance?.until ?? 0));
  }
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
};
