import { rankOf } from '../policy/policy.ts';
import { canReopen, type FoldContext, isOpen, isRecent, lengthOf } from '../state/fold-context.ts';
import { type IncidentNoticeType, incidentId, NAMED_INCIDENTS, type NoticeOutput } from '../state/output.ts';
import type { Incident, Notified } from '../state/state.ts';

/** What a notice says of the incident that it is named after. */
type Subject = Readonly<{ raisedAt: number; severity: string; notices: number }>;

const notify = (
  context: FoldContext,
  { raisedAt, severity, notices }: Subject,
  type: IncidentNoticeType,
): void => {
  const incident = incidentId(context.cylinder, raisedAt);
  const id = `${incident}#${notices + 1}`;
  context.outputs.push({
    kind: 'notice',
    cylinder: context.cylinder,
    id,
    type,
    incident,
    severity,
    at: context.now,
  });
};

/** Tells something of the latest incident, and counts it there. */
const notifyOfLatest = (context: FoldContext, incident: Incident, type: IncidentNoticeType): Incident => {
  notify(context, incident, type);
  const counted = { ...incident, notices: incident.notices + 1 };
  context.state.incident = counted;
  return counted;
};

const notifyAbnormal = (
  context: FoldContext,
  incident: Incident,
  type: 'RAISED' | 'REOPENED' | 'FLAPPING' | 'ESCALATED' | 'SHELF_EXPIRED',
): Incident => {
  const { state } = context;
  const undoesAcknowledgement = type === 'REOPENED' || type === 'FLAPPING';
  const counted = notifyOfLatest(context, incident, type);
  const latest = undoesAcknowledgement ? { ...counted, acknowledgedBy: null } : counted;
  state.incident = latest;
  state.notified = {
    raisedAt: incident.raisedAt,
    severity: incident.severity,
    active: incident.active,
    flapping: type === 'FLAPPING' || (state.notified?.flapping ?? false),
    remindedAt: context.now,
    reminders: 0,
  };
  return latest;
};

/** Whether the latest incident is over for good; one that was told as flapping is so only when it cannot come back. */
const isOver = (context: FoldContext, incident: Incident): boolean => {
  const { state } = context;
  if (isOpen(context)) return false;
  if (!state.notified?.flapping) return true;
  return state.receivedSlot === null || !canReopen(context, incident, state.receivedSlot);
};

/** Tells that the incident people were told of is over. */
export const notifyRecovered = (context: FoldContext): void => {
  const { state } = context;
  if (state.notified === null) return;
  const { incident, superseded } = state;
  if (incident?.raisedAt === state.notified.raisedAt) notifyOfLatest(context, incident, 'RECOVERED');
  else if (superseded !== null) notify(context, superseded, 'RECOVERED');
  state.superseded = null;
  state.notified = null;
};

const hasRecovered = (context: FoldContext): boolean => {
  const { incident, notified } = context.state;
  return notified !== null && (incident?.raisedAt !== notified.raisedAt || isOver(context, incident));
};

const notifyOccurred = (context: FoldContext): void => {
  const { state } = context;
  const { unnotified, incident } = state;
  const last = unnotified?.newest.at(-1);
  if (unnotified === null || last === undefined || state.notified !== null) return;
  state.unnotified = null;
  const [raisedAt, severity, before] = last;
  const notices = before + 1;
  if (incident?.raisedAt === raisedAt) state.incident = { ...incident, notices };
  const idOf = (start: number): string => incidentId(context.cylinder, start);
  const notice: NoticeOutput = {
    kind: 'notice',
    cylinder: context.cylinder,
    id: `${idOf(raisedAt)}#${notices}`,
    type: 'OCCURRED',
    incident: idOf(raisedAt),
    severity,
    incidents: unnotified.newest.slice(-NAMED_INCIDENTS).map(([start]) => idOf(start)),
    count: unnotified.count,
    at: context.now,
  };
  context.outputs.push(notice);
};

const isFlapping = (context: FoldContext, incident: Incident): boolean => {
  const { reopenings, withinMs } = context.rules.policy.flapping;
  const latest = incident.raisedSlots.at(-1) ?? 0;
  const reopened = incident.raisedSlots
    .slice(1)
    .filter((slot) => lengthOf(context, latest - slot) <= withinMs);
  return reopened.length >= reopenings;
};

/** That the policy no longer names a severity is no rise: only another one can be above what was told. */
const isAboveNotified = ({ rules }: FoldContext, incident: Incident, notified: Notified): boolean =>
  incident.severity !== notified.severity &&
  rankOf(rules, incident.severity, incident.active) > rankOf(rules, notified.severity, notified.active);

const notifyOpen = (context: FoldContext, hasShelfExpired: boolean): void => {
  const { state, rules } = context;
  const { incident, notified } = state;
  if (incident === null || !isOpen(context)) return;
  if (notified === null) {
    if (rankOf(rules, incident.severity, incident.active) < rules.notifyRank) return;
    const isBack = incident.reopenings > 0 && incident.notices > 0;
    if (isBack) notifyAbnormal(context, incident, isFlapping(context, incident) ? 'FLAPPING' : 'REOPENED');
    else notifyAbnormal(context, incident, hasShelfExpired ? 'SHELF_EXPIRED' : 'RAISED');
    return;
  }
  const isAbove = isAboveNotified(context, incident, notified);
  const escalated = isAbove ? notifyAbnormal(context, incident, 'ESCALATED') : incident;
  if (hasShelfExpired) notifyAbnormal(context, escalated, 'SHELF_EXPIRED');
};

/** Nobody is reminded of a machine that is off: of one that is not seen, or was idle when it was seen last. */
const isSeenRunning = ({ state, now, rules }: FoldContext): boolean =>
  state.lastSeenAt !== null && now - state.lastSeenAt < rules.policy.staleAfterMs && state.isHighestRunning;

const notifyReminder = (context: FoldContext): void => {
  const { state, rules } = context;
  const { incident, notified } = state;
  if (incident === null || notified === null || !isOpen(context) || incident.acknowledgedBy !== null) return;
  const intervalMs = rules.reminders.get(incident.severity);
  if (intervalMs === undefined || notified.reminders >= rules.policy.maxReminders) return;
  if (context.now - notified.remindedAt < intervalMs || !isSeenRunning(context)) return;
  notifyOfLatest(context, incident, 'REMINDER');
  state.notified = { ...notified, remindedAt: context.now, reminders: notified.reminders + 1 };
};

/** While a gateway empties its queue, nobody is told of how the world was before what is still to come. */
const isEmptyingQueue = (context: FoldContext): boolean => {
  const { evaluatedAt, evaluatedMsSinceTick } = context.state;
  if (evaluatedAt === null || isRecent(context, evaluatedAt)) return false;
  return evaluatedMsSinceTick > context.rules.policy.historicalAfterMs;
};

/**
 * Brings what people have been told in line with the state of the world, except while a queue is being emptied; while
 * a shelf is in force nothing is told.
 */
export const reconcileNotices = (context: FoldContext): void => {
  const { state, now } = context;
  const isSettled = state.notified === null && state.unnotified === null && !isOpen(context);
  if (isSettled && state.shelf === null) return;
  if (isEmptyingQueue(context)) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const hasShelfExpired = state.shelf !== null;
  state.shelf = null;
  if (hasRecovered(context)) notifyRecovered(context);
  notifyOccurred(context);
  notifyOpen(context, hasShelfExpired);
  notifyReminder(context);
};

/**
 * Whether a tick would notify of what nothing has been said of, as of what came in late; reminders and the end of a
 * shelf have their own times.
 */
export const owesNotice = (context: FoldContext): boolean => {
  const { state, rules, now } = context;
  const { notified, unnotified, incident, shelf } = state;
  if (shelf !== null && now < shelf.until) return false;
  if (hasRecovered(context)) return true;
  if (notified === null && unnotified !== null) return true;
  if (incident === null || !isOpen(context)) return false;
  return notified === null
    ? rankOf(rules, incident.severity, incident.active) >= rules.notifyRank
    : isAboveNotified(context, incident, notified);
};
