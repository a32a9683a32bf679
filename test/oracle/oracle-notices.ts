import { type OraclePolicy, rank } from './oracle-policy.ts';
import { type Cylinder, type Incident, openIncident, type Stream } from './oracle-state.ts';

const STARTS = ['RAISED', 'REOPENED', 'FLAPPING'];
const RESTARTS_REMINDERS = [...STARTS, 'ESCALATED', 'SHELF_EXPIRED'];

/** Whether people believe that this incident is going on. */
export const notifiedAbnormal = (incident: Incident): boolean => {
  const last = incident.notices.at(-1);
  return last !== undefined && last.type !== 'RECOVERED' && last.type !== 'OCCURRED';
};

/** Section "What people are told": the rows of its table, once each, in their order. */
export const reconcile = (stream: Stream, cylinder: Cylinder, now: number): void => {
  if (cylinder.shelf !== null && now < cylinder.shelf.until) return;
  const shelfRanOut = cylinder.shelf !== null;
  cylinder.shelf = null;
  tellRecovered(stream, cylinder, now);
  tellOccurred(stream, cylinder, now);
  const open = openIncident(cylinder);
  if (open === undefined) return;
  if (!notifiedAbnormal(open)) {
    if (reachesNotifyFrom(stream.policy, open))
      notify(stream, cylinder, open, startType(stream.policy, open, shelfRanOut), now);
    return;
  }
  if (isAboveNotified(stream.policy, open)) notify(stream, cylinder, open, 'ESCALATED', now);
  if (shelfRanOut) notify(stream, cylinder, open, 'SHELF_EXPIRED', now);
  if (isReminderDue(stream.policy, cylinder, open, now)) notify(stream, cylinder, open, 'REMINDER', now);
};

const reachesNotifyFrom = (policy: OraclePolicy, { severity, active }: Incident): boolean =>
  rank(policy, severity, active) >= rank(policy, policy.notifyFrom, 0);

/** Row 1: RECOVERED, which waits after FLAPPING. */
const tellRecovered = (stream: Stream, cylinder: Cylinder, now: number): void => {
  const told = cylinder.incidents.find(notifiedAbnormal);
  if (told === undefined || !told.over) return;
  if (isFlapping(told) && mayStillReopen(stream.policy, cylinder, told)) return;
  notify(stream, cylinder, told, 'RECOVERED', now);
};

/** Told FLAPPING the last time that it was told to have begun. */
const isFlapping = (incident: Incident): boolean =>
  incident.notices.findLast(({ type }) => STARTS.includes(type))?.type === 'FLAPPING';

const mayStillReopen = (policy: OraclePolicy, cylinder: Cylinder, incident: Incident): boolean => {
  if (incident.closed || incident.interrupted || incident !== cylinder.incidents.at(-1)) return false;
  const lastReceived = cylinder.evaluated.findLast(({ received }) => received);
  if (lastReceived === undefined || incident.clearedSlot === null) return false;
  return (lastReceived.slot - incident.clearedSlot) * policy.samplePeriodMs < policy.reopenWithinMs;
};

/** Row 2: OCCURRED, for what came and went before anyone could be told. */
const tellOccurred = (stream: Stream, cylinder: Cylinder, now: number): void => {
  if (cylinder.incidents.some(notifiedAbnormal)) return;
  const untold = cylinder.incidents.filter(({ occurredUntold }) => occurredUntold);
  const last = untold.at(-1);
  if (last === undefined) return;
  for (const incident of untold) incident.occurredUntold = false;
  const incidents = untold.slice(-16).map(({ id }) => id);
  notify(stream, cylinder, last, 'OCCURRED', now, { incidents, count: untold.length });
};

/** Row 3: by which name people are told that it began. */
const startType = (policy: OraclePolicy, incident: Incident, shelfRanOut: boolean): string => {
  const reopenings = incident.raisings.slice(1);
  const latest = reopenings.at(-1);
  if (latest !== undefined && incident.notices.length > 0) {
    const within = reopenings.filter(
      (slot) => (latest - slot) * policy.samplePeriodMs <= policy.flapping.withinMs,
    );
    return within.length >= policy.flapping.reopenings ? 'FLAPPING' : 'REOPENED';
  }
  return shelfRanOut ? 'SHELF_EXPIRED' : 'RAISED';
};

/** Row 4: a severity above the one last told; that the policy names neither any more is no rise. */
const isAboveNotified = (policy: OraclePolicy, incident: Incident): boolean => {
  const told = incident.notices.at(-1);
  if (told === undefined || told.severity === incident.severity) return false;
  return rank(policy, incident.severity, incident.active) > rank(policy, told.severity, told.active);
};

/** Last row: a reminder after the interval of the severity, at most `maxReminders` of them, and only while it runs. */
const isReminderDue = (
  policy: OraclePolicy,
  cylinder: Cylinder,
  incident: Incident,
  now: number,
): boolean => {
  const last = incident.notices.at(-1);
  const intervalMs = new Map(Object.entries(policy.remind)).get(incident.severity);
  if (incident.acknowledged || last === undefined || intervalMs === undefined) return false;
  const start = incident.notices.findLastIndex(({ type }) => RESTARTS_REMINDERS.includes(type));
  const reminders = incident.notices.slice(start + 1).length;
  if (reminders >= policy.maxReminders || now - last.at < intervalMs) return false;
  const isStale = now - Math.max(...cylinder.seen) >= policy.staleAfterMs;
  const highest = cylinder.slots.get(Math.max(...cylinder.slots.keys()));
  return !isStale && highest !== undefined && highest.running;
};

/** One notice of an incident, counted from 1 over all of its notices. */
export const notify = (
  stream: Stream,
  cylinder: Cylinder,
  incident: Incident,
  type: string,
  now: number,
  more: object = {},
): void => {
  const { severity, active } = incident;
  incident.notices.push({ type, severity, active, at: now });
  if (type === 'REOPENED' || type === 'FLAPPING') incident.acknowledged = false;
  stream.out.push({
    kind: 'notice',
    cylinder: cylinder.name,
    id: `${incident.id}#${incident.notices.length}`,
    type,
    incident: incident.id,
    severity,
    ...more,
    at: now,
  });
};
