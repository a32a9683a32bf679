import { SENSORS, type Sensor } from '../../message/sample.ts';

/** One step of severity: reached after `afterMs` spent active, and left only after `clearHoldMs` of quiet. */
export type Level = Readonly<{ severity: string; afterMs: number; clearHoldMs: number }>;

/** When people are disturbed. Every time is in ms; every ratio is 0…1. */
export type Policy = Readonly<{
  /** The length of one slot. */
  samplePeriodMs: number;
  /** How long a slot waits for stragglers: by default more than two messages of ten samples may change places. */
  latenessMs: number;
  /** What the ratio looks back over. */
  windowMs: number;
  /** A sample at or above this probability is abnormal. */
  threshold: number;
  raiseRatio: number;
  clearRatio: number;
  /** The share of the window that must have counted before anything changes. */
  minCoverage: number;
  /** Ascending in `afterMs`, the first after 0. */
  levels: readonly Level[];
  /** The lowest severity that people are told of. */
  notifyFrom: string;
  /** Raised again sooner than this, it is the same incident. */
  reopenWithinMs: number;
  flapping: Readonly<{ reopenings: number; withinMs: number }>;
  /** The interval of reminders by severity. */
  remind: Readonly<Record<string, number>>;
  maxReminders: number;
  /** OfflineCylinder by the receiver's clock: after the first nothing more is waited for, after the second people are told. */
  staleAfterMs: number;
  offlineAfterMs: number;
  /** A sample further ahead of the receiver's clock is quarantined. */
  futureToleranceMs: number;
  /** A slot older than this when it is evaluated comes from a queue that is being emptied. */
  historicalAfterMs: number;
  /** The machine is off while this sensor is below this value. */
  idle: Readonly<{ sensor: Sensor; below: number }> | null;
  /** Not judged for so long after a start. */
  warmUpMs: number;
  maxShelveMs: number;
  maxMaintenanceMs: number;
}>;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a machine warms up where the policy says when it is idle and nothing else. */
export const WARM_UP_AFTER_IDLE_MS = 300 * SECOND;

export const DEFAULT_POLICY: Policy = {
  samplePeriodMs: SECOND,
  latenessMs: 30 * SECOND,
  windowMs: MINUTE,
  threshold: 0.5,
  raiseRatio: 0.6,
  clearRatio: 0.2,
  minCoverage: 0.5,
  levels: [
    { severity: 'advisory', afterMs: 0, clearHoldMs: MINUTE },
    { severity: 'warning', afterMs: 10 * MINUTE, clearHoldMs: 10 * MINUTE },
    { severity: 'alarm', afterMs: HOUR, clearHoldMs: 10 * MINUTE },
  ],
  notifyFrom: 'warning',
  reopenWithinMs: 30 * MINUTE,
  flapping: { reopenings: 3, withinMs: DAY },
  remind: { warning: DAY, alarm: 4 * HOUR },
  maxReminders: 3,
  staleAfterMs: MINUTE,
  offlineAfterMs: 15 * MINUTE,
  futureToleranceMs: MINUTE,
  historicalAfterMs: 5 * MINUTE,
  idle: null,
  warmUpMs: 0,
  maxShelveMs: DAY,
  maxMaintenanceMs: 30 * DAY,
};

/**
 * The policy of the canary, whatever others have: one abnormal second is an incident that is told at once, and the
 * normal second after it ends that incident for good. Its rounds are minutes apart, which is no silence.
 */
export const CANARY_POLICY: Policy = {
  ...DEFAULT_POLICY,
  latenessMs: SECOND,
  windowMs: SECOND,
  levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 0 }],
  notifyFrom: 'advisory',
  reopenWithinMs: 0,
  remind: {},
  staleAfterMs: HOUR,
  offlineAfterMs: DAY,
};

/** A policy with what the fold needs of it at every sample worked out once. */
export type Rules = Readonly<{
  policy: Policy;
  latenessSlots: number;
  windowSlots: number;
  /** Index of the idle sensor in a sample's values, or null where the policy has none. */
  idleIndex: number | null;
  idleBelow: number;
  /** The interval of reminders by severity, which may bear any name, ms. */
  reminders: ReadonlyMap<string, number>;
  /** Rank of `notifyFrom` among the levels. */
  notifyRank: number;
}>;

const derive = (policy: Policy): Rules => ({
  policy,
  latenessSlots: Math.ceil(policy.latenessMs / policy.samplePeriodMs),
  windowSlots: policy.windowMs / policy.samplePeriodMs,
  idleIndex: policy.idle === null ? null : SENSORS.indexOf(policy.idle.sensor),
  idleBelow: policy.idle?.below ?? 0,
  reminders: new Map(Object.entries(policy.remind)),
  notifyRank: policy.levels.findIndex((level) => level.severity === policy.notifyFrom),
});

const derived = new WeakMap<Policy, Rules>();

/** The rules of a policy that was checked when it was read. */
export const rulesOf = (policy: Policy): Rules => {
  const known = derived.get(policy);
  if (known !== undefined) return known;
  const rules = derive(policy);
  derived.set(policy, rules);
  return rules;
};

/** The highest level reached after so many active slots, as a rank. */
export const reachedRank = ({ policy }: Rules, activeSlots: number): number => {
  const activeMs = activeSlots * policy.samplePeriodMs;
  return policy.levels.findLastIndex((level) => activeMs >= level.afterMs);
};

/**
 * The rank of a severity. One that the policy no longer names ranks where the time spent active would put it, so that
 * a change of policy never leaves an open incident without a level.
 */
export const rankOf = (rules: Rules, severity: string, activeSlots: number): number => {
  const rank = rules.policy.levels.findIndex((level) => level.severity === severity);
  return rank >= 0 ? rank : Math.max(0, reachedRank(rules, activeSlots));
};

/** The level at a rank. */
export const levelAt = ({ policy }: Rules, rank: number): Level => {
  const level = policy.levels[rank];
  if (level === undefined)
    throw new Error(`a policy of ${policy.levels.length} levels has none at rank ${rank}`);
  return level;
};
