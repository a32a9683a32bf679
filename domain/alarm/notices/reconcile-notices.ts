import { canReopen, incidentId, isOpen } from '../condition/incident.ts';
import { NAMED_INCIDENTS } from '../condition/unnotified.ts';
import { rankOf } from '../policy/rules.ts';
import { type FoldContext, isRecent, lengthOf } from '../state/fold-context.ts';
import type { IncidentNoticeType, NoticeOutput } from '../state/output.ts';
import type { Incident } from '../state/state.ts';

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
  const notified = { ...incident, notices: incident.notices + 1 };
  context.state.incident = notified;
  return notified;
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
  state.told = {
    incident: incident.id,
    severity: incident.severity,
    flapping: type === 'FLAPPING' || (state.told?.flapping ?? false),
    remindedAt: context.now,
    reminders: 0,
  };
  return latest;
};

/** Whether the latest incident is over for good; one that was told as flapping is so only when it cannot come back. */
const isOver = (context: FoldContext, incident: Incident): boolean => {
  const { state } = context;
  if (isOpen(context)) return false;
  if (!state.told?.flapping) return true;
  return state.receivedSlot === null || !canReopen(context, incident, state.receivedSlot);
};

const notifyRecovered = (context: FoldContext): void => {
  const { state } = context;
  if (state.told === null) return;
  const { incident, former } = state;
  if (incident !== null && incident.id === state.told.incident) {
    if (!isOver(context, incident)) return;
    notifyOfLatest(context, incident, 'RECOVERED');
  } else if (former !== null) {
    notify(context, former, 'RECOVERED');
  }
  state.former = null;
  state.told = null;
};

const notifyOccurred = (context: FoldContext): void => {
  const { state } = context;
  const { missed, incident } = state;
  const last = missed?.newest.at(-1);
  if (missed === null || last === undefined || state.told !== null) return;
  state.missed = null;
  const notices = last.notices + 1;
  if (incident?.raisedAt === last.raisedAt) state.incident = { ...incident, notices };
  const idOf = (raisedAt: number): string => incidentId(context.cylinder, raisedAt);
  const notice: NoticeOutput = {
    kind: 'notice',
    cylinder: context.cylinder,
    id: `${idOf(last.raisedAt)}#${notices}`,
    type: 'OCCURRED',
    incident: idOf(last.raisedAt),
    severity: last.severity,
    incidents: missed.newest.slice(-NAMED_INCIDENTS).map(({ raisedAt }) => idOf(raisedAt)),
    count: missed.count,
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

const notifyOpen = (context: FoldContext, shelfRanOut: boolean): void => {
  const { state, rules } = context;
  const { incident, told } = state;
  if (incident === null || !isOpen(context)) return;
  const rank = rankOf(rules, incident.severity, incident.active);
  if (told === null) {
    if (rank < rules.notifyRank) return;
    const isBack = incident.reopenings > 0 && incident.notices > 0;
    if (isBack) notifyAbnormal(context, incident, isFlapping(context, incident) ? 'FLAPPING' : 'REOPENED');
    else notifyAbnormal(context, incident, shelfRanOut ? 'SHELF_EXPIRED' : 'RAISED');
    return;
  }
  const escalated =
    rank > rankOf(rules, told.severity, 0) ? notifyAbnormal(context, incident, 'ESCALATED') : incident;
  if (shelfRanOut) notifyAbnormal(context, escalated, 'SHELF_EXPIRED');
};

const notifyReminder = (context: FoldContext): void => {
  const { state, rules } = context;
  const { incident, told } = state;
  if (incident === null || told === null || !isOpen(context) || incident.acknowledgedBy !== null) return;
  const { remind: intervals, maxReminders } = rules.policy;
  // A severity may bear any name, one that every object inherits included.
  const intervalMs = Object.hasOwn(intervals, incident.severity) ? intervals[incident.severity] : undefined;
  if (intervalMs === undefined || told.reminders >= maxReminders) return;
  if (context.now - told.remindedAt < intervalMs) return;
  notifyOfLatest(context, incident, 'REMINDER');
  state.told = { ...told, remindedAt: context.now, reminders: told.reminders + 1 };
};

/** While a gateway empties its queue, nobody is told of how the world was before what is still to come. */
const isEmptyingQueue = (context: FoldContext): boolean => {
  const { evaluatedSlot, evaluatedSinceTick } = context.state;
  if (evaluatedSlot === null || isRecent(context, evaluatedSlot)) return false;
  return lengthOf(context, evaluatedSinceTick) > context.rules.policy.historicalAfterMs;
};

/**
 * Brings what people have been told in line with the state of the world, except while a queue is being emptied; while
 * a shelf is in force nothing is told.
 */
export const reconcileNotices = (context: FoldContext): void => {
  const { state, now } = context;
  if (state.told === null && state.missed === null && !isOpen(context)) return;
  if (isEmptyingQueue(context)) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const shelfRanOut = state.shelf !== null;
  state.shelf = null;
  notifyRecovered(context);
  notifyOccurred(context);
  notifyOpen(context, shelfRanOut);
  notifyReminder(context);
};

/**
 * Whether a tick would notify of what nothing has been said of, as of what came in late; reminders and the end of a
 * shelf have their own times.
 */
export const owesNotice = (context: FoldContext): boolean => {
  const { state, rules, now } = context;
  const { told, missed, incident, shelf } = state;
  if (shelf !== null && now < shelf.until) return false;
  if (told !== null && (incident?.id !== told.incident || isOver(context, incident))) return true;
  if (told === null && missed !== null) return true;
  if (incident === null || !isOpen(context)) return false;
  const rank = rankOf(rules, incident.severity, incident.active);
  return told === null ? rank >= rules.notifyRank : rank > rankOf(rules, told.severity, 0);
};
