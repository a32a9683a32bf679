import { notifiedAbnormal } from './oracle-notices.ts';
import { type OraclePolicy, rank, rankByTime } from './oracle-policy.ts';
import { type Condition, type Cylinder, type Incident, openIncident, type Stream } from './oracle-state.ts';
import { countWindow } from './oracle-window.ts';

/** Section "Condition": one counting slot `k` with enough coverage moves the condition by its table. */
export const stepCondition = (stream: Stream, cylinder: Cylinder, k: number, now: number): void => {
  const { policy } = stream;
  const { ratio, firstAbnormalMs } = countWindow(cylinder, policy);
  if (cylinder.condition === 'NORMAL' || cylinder.condition === 'SUSPECT') {
    if (ratio >= policy.raiseRatio) raise(stream, cylinder, k, firstAbnormalMs ?? k * policy.samplePeriodMs);
    else become(stream, cylinder, k, ratio >= policy.clearRatio ? 'SUSPECT' : 'NORMAL');
  } else if (ratio >= policy.clearRatio) {
    if (cylinder.condition === 'CLEARING') become(stream, cylinder, k, 'ACTIVE');
  } else {
    holdQuiet(stream, cylinder, k, now);
  }
  if (cylinder.condition === 'ACTIVE') spendActive(stream, cylinder, k);
};

/** Section "Condition": a raise is a new incident, or the latest one reopened. */
const raise = (stream: Stream, cylinder: Cylinder, k: number, beganMs: number): void => {
  const { policy } = stream;
  const latest = cylinder.incidents.at(-1);
  if (latest !== undefined && canReopen(policy, latest, k)) {
    latest.raisings.push(k);
    latest.over = false;
    latest.clearedSlot = null;
    latest.occurredUntold = false;
  } else {
    cylinder.incidents.push({
      id: `${cylinder.name}@${k * policy.samplePeriodMs}`,
      severity: '',
      active: 0,
      beganMs,
      raisings: [k],
      clearedSlot: null,
      over: false,
      closed: false,
      interrupted: false,
      acknowledged: false,
      occurredUntold: false,
      notices: [],
    });
    // The shelf was of an incident that is over for good.
    cylinder.shelf = null;
  }
  become(stream, cylinder, k, 'ACTIVE');
};

/** Section "Condition", "An incident raised again less than …": raising slot − clearing slot. */
const canReopen = (policy: OraclePolicy, latest: Incident, k: number): boolean => {
  if (latest.closed || latest.interrupted || latest.clearedSlot === null) return false;
  return (k - latest.clearedSlot) * policy.samplePeriodMs < policy.reopenWithinMs;
};

/** Section "Commands", shelve: it ends when the incident is over for good, at a received slot or at the close. */
export const endShelfForGood = (stream: Stream, cylinder: Cylinder, k: number): void => {
  const latest = cylinder.incidents.at(-1);
  if (latest?.over && !canReopen(stream.policy, latest, k)) cylinder.shelf = null;
};

/** Section "Condition", rows ACTIVE → CLEARING and CLEARING → NORMAL. */
const holdQuiet = (stream: Stream, cylinder: Cylinder, k: number, now: number): void => {
  const { policy } = stream;
  const incident = openIncident(cylinder);
  if (incident === undefined) throw new Error('an ACTIVE or CLEARING cylinder has no open incident');
  if (cylinder.condition === 'ACTIVE') {
    cylinder.hold = 0;
    become(stream, cylinder, k, 'CLEARING');
  }
  cylinder.hold += 1;
  const level = policy.levels[rank(policy, incident.severity, incident.active)];
  if (level === undefined) throw new Error(`the policy has no level for ${incident.severity}`);
  if (cylinder.hold * policy.samplePeriodMs < level.clearHoldMs) return;
  become(stream, cylinder, k, 'NORMAL');
  incident.over = true;
  incident.clearedSlot = k;
  incident.occurredUntold =
    rank(policy, incident.severity, incident.active) >= rank(policy, policy.notifyFrom, 0) &&
    !notifiedAbnormal(incident) &&
    !(cylinder.shelf !== null && now < cylinder.shelf.until);
};

/** Section "Condition", "`active` grows by one": and the severity with it, never down; a rise ends ack and shelf. */
const spendActive = (stream: Stream, cylinder: Cylinder, k: number): void => {
  const { policy } = stream;
  const incident = openIncident(cylinder);
  if (incident === undefined) throw new Error('an ACTIVE cylinder has no open incident');
  const before = incident.severity === '' ? -1 : rank(policy, incident.severity, incident.active);
  incident.active += 1;
  const reached = rankByTime(policy, incident.active);
  const level = policy.levels[reached];
  if (level === undefined || reached <= before) return;
  incident.severity = level.severity;
  incident.acknowledged = false;
  cylinder.shelf = null;
  stream.out.push({
    kind: 'severity',
    cylinder: cylinder.name,
    t: k * policy.samplePeriodMs,
    incident: incident.id,
    severity: level.severity,
  });
};

/** replay.md, `condition`: the line of a change, none when nothing changes. */
const become = (stream: Stream, cylinder: Cylinder, k: number, to: Condition): void => {
  const from = cylinder.condition;
  if (from === to) return;
  const incident = isIncident(from) || isIncident(to) ? cylinder.incidents.at(-1) : undefined;
  cylinder.condition = to;
  stream.out.push({
    kind: 'condition',
    cylinder: cylinder.name,
    t: k * stream.policy.samplePeriodMs,
    from,
    to,
    incident: incident?.id ?? null,
    ...(incident === undefined || to !== 'ACTIVE' ? {} : { began: incident.beganMs }),
  });
};

const isIncident = (condition: Condition): boolean => condition === 'ACTIVE' || condition === 'CLEARING';

/**
 * Sections "Commands", maintenance, and "Policy", a new period: slots, window and warm-up begin afresh, the condition
 * is NORMAL, an open incident is over and the latest one is not reopened, a shelf ends.
 */
export const beginAfresh = (
  stream: Stream,
  cylinder: Cylinder,
  cause: 'maintenance' | 'policy',
  now: number,
): void => {
  const from = cylinder.condition;
  const open = openIncident(cylinder);
  cylinder.condition = 'NORMAL';
  cylinder.hold = 0;
  cylinder.beginnings += 1;
  cylinder.shelf = null;
  if (open !== undefined) open.over = true;
  const latest = cylinder.incidents.at(-1);
  if (latest !== undefined) latest.interrupted = true;
  if (from === 'NORMAL') return;
  stream.out.push({
    kind: 'condition',
    cylinder: cylinder.name,
    t: now,
    from,
    to: 'NORMAL',
    incident: isIncident(from) ? (open?.id ?? null) : null,
    cause,
  });
};
