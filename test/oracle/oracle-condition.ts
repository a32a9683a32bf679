import { type OraclePolicy, rank } from './oracle-policy.ts';
import { type Condition, type Cylinder, type Incident, openIncident, type Stream } from './oracle-state.ts';
import { toldAbnormal } from './oracle-telling.ts';
import { countWindow } from './oracle-window.ts';

/** Section "Condition": one counting slot `k` moves the condition by its table. */
export const stepCondition = (stream: Stream, cylinder: Cylinder, k: number, now: number): void => {
  const { policy } = stream;
  const window = countWindow(cylinder, policy, k);
  if (window.coverage < policy.minCoverage) return;
  if (cylinder.condition === 'NORMAL' || cylinder.condition === 'SUSPECT') {
    if (window.ratio >= policy.raiseRatio) raise(stream, cylinder, k, window.firstAbnormal);
    else become(stream, cylinder, k, window.ratio >= policy.clearRatio ? 'SUSPECT' : 'NORMAL');
  } else if (window.ratio >= policy.clearRatio) {
    if (cylinder.condition === 'CLEARING') become(stream, cylinder, k, 'ACTIVE');
  } else {
    holdQuiet(stream, cylinder, k, now);
  }
  if (cylinder.condition === 'ACTIVE') spendActive(stream, cylinder, k);
};

/** Section "Condition": a raise is a new incident, or the latest one reopened. */
const raise = (stream: Stream, cylinder: Cylinder, k: number, began: number): void => {
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
      began,
      raisings: [k],
      clearedSlot: null,
      over: false,
      closed: false,
      maintained: false,
      acknowledged: false,
      occurredUntold: false,
      notices: [],
    });
  }
  become(stream, cylinder, k, 'ACTIVE');
};

/** Section "Condition", "An incident raised again less than …": raising slot − clearing slot. */
const canReopen = (policy: OraclePolicy, latest: Incident, k: number): boolean => {
  if (latest.closed || latest.maintained || latest.clearedSlot === null) return false;
  return (k - latest.clearedSlot) * policy.samplePeriodMs < policy.reopenWithinMs;
};

/** Section "Condition", rows ACTIVE → CLEARING and CLEARING → NORMAL. */
const holdQuiet = (stream: Stream, cylinder: Cylinder, k: number, now: number): void => {
  const incident = openIncident(cylinder);
  if (incident === undefined) throw new Error('an ACTIVE or CLEARING cylinder has no open incident');
  if (cylinder.condition === 'ACTIVE') {
    cylinder.hold = 0;
    become(stream, cylinder, k, 'CLEARING');
  }
  cylinder.hold += 1;
  const level = stream.policy.levels.find(({ severity }) => severity === incident.severity);
  if (level === undefined) throw new Error(`the policy has no level ${incident.severity}`);
  if (cylinder.hold * stream.policy.samplePeriodMs < level.clearHoldMs) return;
  become(stream, cylinder, k, 'NORMAL');
  incident.over = true;
  incident.clearedSlot = k;
  incident.occurredUntold =
    rank(stream.policy, incident.severity) >= rank(stream.policy, stream.policy.notifyFrom) &&
    !toldAbnormal(incident) &&
    !(cylinder.shelf !== null && now < cylinder.shelf.until);
  cylinder.shelf = null;
};

/** Section "Condition", "`active` grows by one": and the severity with it, never down; a rise ends ack and shelf. */
const spendActive = (stream: Stream, cylinder: Cylinder, k: number): void => {
  const incident = openIncident(cylinder);
  if (incident === undefined) throw new Error('an ACTIVE cylinder has no open incident');
  incident.active += 1;
  const spentMs = incident.active * stream.policy.samplePeriodMs;
  const level = stream.policy.levels.findLast(({ afterMs }) => spentMs >= afterMs);
  if (level === undefined) return;
  if (rank(stream.policy, level.severity) <= rank(stream.policy, incident.severity)) return;
  incident.severity = level.severity;
  incident.acknowledged = false;
  cylinder.shelf = null;
  stream.out.push({
    kind: 'severity',
    cylinder: cylinder.name,
    t: k * stream.policy.samplePeriodMs,
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
    ...(incident === undefined || to !== 'ACTIVE'
      ? {}
      : { began: incident.began * stream.policy.samplePeriodMs }),
  });
};

const isIncident = (condition: Condition): boolean => condition === 'ACTIVE' || condition === 'CLEARING';

/** Section "Commands", `maintenance`: the condition is NORMAL and an open incident ends, at the receiver's clock. */
export const endByMaintenance = (stream: Stream, cylinder: Cylinder, now: number): void => {
  const from = cylinder.condition;
  const latest = cylinder.incidents.at(-1);
  cylinder.condition = 'NORMAL';
  cylinder.shelf = null;
  if (from !== 'NORMAL') {
    stream.out.push({
      kind: 'condition',
      cylinder: cylinder.name,
      t: now,
      from,
      to: 'NORMAL',
      incident: isIncident(from) ? (latest?.id ?? null) : null,
      cause: 'maintenance',
    });
  }
  if (latest === undefined) return;
  latest.maintained = true;
  latest.over = true;
};
