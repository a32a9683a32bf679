import { canReopen, incidentId, isOpen } from './incident.ts';
import { NAMED_INCIDENTS } from './missed.ts';
import type { IncidentNoticeType, NoticeOutput } from './output.ts';
import { rankOf } from './rules.ts';
import type { Incident } from './state.ts';
import { isRecent, lengthOf, type Turn } from './turn.ts';

/** What a notice says of the incident that it is named after. */
type Subject = Readonly<{ raisedAt: number; severity: string; notices: number }>;

const tell = (turn: Turn, { raisedAt, severity, notices }: Subject, type: IncidentNoticeType): void => {
  const incident = incidentId(turn.cylinder, raisedAt);
  const id = `${incident}#${notices + 1}`;
  turn.outputs.push({ kind: 'notice', cylinder: turn.cylinder, id, type, incident, severity, at: turn.now });
};

/** Tells something of the latest incident, and counts it there. */
const tellLatest = (turn: Turn, incident: Incident, type: IncidentNoticeType): Incident => {
  tell(turn, incident, type);
  const told = { ...incident, notices: incident.notices + 1 };
  turn.state.incident = told;
  return told;
};

const tellAbnormal = (
  turn: Turn,
  incident: Incident,
  type: 'RAISED' | 'REOPENED' | 'FLAPPING' | 'ESCALATED' | 'SHELF_EXPIRED',
): Incident => {
  const { state } = turn;
  const undoesAcknowledgement = type === 'REOPENED' || type === 'FLAPPING';
  const counted = tellLatest(turn, incident, type);
  const latest = undoesAcknowledgement ? { ...counted, acknowledgedBy: null } : counted;
  state.incident = latest;
  state.told = {
    incident: incident.id,
    severity: incident.severity,
    flapping: type === 'FLAPPING' || (state.told?.flapping ?? false),
    remindedAt: turn.now,
    reminders: 0,
  };
  return latest;
};

/** Whether the latest incident is over for good; one that was told as flapping is so only when it cannot come back. */
const isOver = (turn: Turn, incident: Incident): boolean => {
  const { state } = turn;
  if (isOpen(turn)) return false;
  if (!state.told?.flapping) return true;
  return state.receivedSlot === null || !canReopen(turn, incident, state.receivedSlot);
};

const tellRecovered = (turn: Turn): void => {
  const { state } = turn;
  if (state.told === null) return;
  const { incident, former } = state;
  if (incident !== null && incident.id === state.told.incident) {
    if (!isOver(turn, incident)) return;
    tellLatest(turn, incident, 'RECOVERED');
  } else if (former !== null) {
    tell(turn, former, 'RECOVERED');
  }
  state.former = null;
  state.told = null;
};

const tellOccurred = (turn: Turn): void => {
  const { state } = turn;
  const { missed, incident } = state;
  const last = missed?.newest.at(-1);
  if (missed === null || last === undefined || state.told !== null) return;
  state.missed = null;
  const notices = last.notices + 1;
  if (incident?.raisedAt === last.raisedAt) state.incident = { ...incident, notices };
  const idOf = (raisedAt: number): string => incidentId(turn.cylinder, raisedAt);
  const notice: NoticeOutput = {
    kind: 'notice',
    cylinder: turn.cylinder,
    id: `${idOf(last.raisedAt)}#${notices}`,
    type: 'OCCURRED',
    incident: idOf(last.raisedAt),
    severity: last.severity,
    incidents: missed.newest.slice(-NAMED_INCIDENTS).map(({ raisedAt }) => idOf(raisedAt)),
    count: missed.count,
    at: turn.now,
  };
  turn.outputs.push(notice);
};

const isFlapping = (turn: Turn, incident: Incident): boolean => {
  const { reopenings, withinMs } = turn.rules.policy.flapping;
  const latest = incident.raisedSlots.at(-1) ?? 0;
  const reopened = incident.raisedSlots.slice(1).filter((slot) => lengthOf(turn, latest - slot) <= withinMs);
  return reopened.length >= reopenings;
};

const tellOpen = (turn: Turn, shelfRanOut: boolean): void => {
  const { state, rules } = turn;
  const { incident, told } = state;
  if (incident === null || !isOpen(turn)) return;
  const rank = rankOf(rules, incident.severity, incident.active);
  if (told === null) {
    if (rank < rules.notifyRank) return;
    const isBack = incident.reopenings > 0 && incident.notices > 0;
    if (isBack) tellAbnormal(turn, incident, isFlapping(turn, incident) ? 'FLAPPING' : 'REOPENED');
    else tellAbnormal(turn, incident, shelfRanOut ? 'SHELF_EXPIRED' : 'RAISED');
    return;
  }
  const escalated =
    rank > rankOf(rules, told.severity, 0) ? tellAbnormal(turn, incident, 'ESCALATED') : incident;
  if (shelfRanOut) tellAbnormal(turn, escalated, 'SHELF_EXPIRED');
};

const remind = (turn: Turn): void => {
  const { state, rules } = turn;
  const { incident, told } = state;
  if (incident === null || told === null || !isOpen(turn) || incident.acknowledgedBy !== null) return;
  const { remind: intervals, maxReminders } = rules.policy;
  // A severity may bear any name, one that every object inherits included.
  const intervalMs = Object.hasOwn(intervals, incident.severity) ? intervals[incident.severity] : undefined;
  if (intervalMs === undefined || told.reminders >= maxReminders) return;
  if (turn.now - told.remindedAt < intervalMs) return;
  tellLatest(turn, incident, 'REMINDER');
  state.told = { ...told, remindedAt: turn.now, reminders: told.reminders + 1 };
};

/** While a gateway empties its queue, nobody is told of how the world was before what is still to come. */
const isEmptyingQueue = (turn: Turn): boolean => {
  const { evaluatedSlot, evaluatedSinceTick } = turn.state;
  if (evaluatedSlot === null || isRecent(turn, evaluatedSlot)) return false;
  return lengthOf(turn, evaluatedSinceTick) > turn.rules.policy.historicalAfterMs;
};

/**
 * Brings what people have been told in line with the state of the world, except while a queue is being emptied; while
 * a shelf is in force nothing is told.
 */
export const reconcile = (turn: Turn): void => {
  const { state, now } = turn;
  if (state.told === null && state.missed === null && !isOpen(turn)) return;
  if (isEmptyingQueue(turn)) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const shelfRanOut = state.shelf !== null;
  state.shelf = null;
  tellRecovered(turn);
  tellOccurred(turn);
  tellOpen(turn, shelfRanOut);
  remind(turn);
};
