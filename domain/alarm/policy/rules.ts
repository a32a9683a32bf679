import { SENSORS } from '../../message/sample.ts';
import type { Level, Policy } from './policy.ts';

/** A policy with what the fold needs of it at every sample worked out once. */
export type Rules = Readonly<{
  policy: Policy;
  latenessSlots: number;
  windowSlots: number;
  /** Index of the idle sensor in a sample's values, or null where the policy has none. */
  idleIndex: number | null;
  idleBelow: number;
  /** Rank of `notifyFrom` among the levels. */
  notifyRank: number;
}>;

const derive = (policy: Policy): Rules => ({
  policy,
  latenessSlots: Math.ceil(policy.latenessMs / policy.samplePeriodMs),
  windowSlots: policy.windowMs / policy.samplePeriodMs,
  idleIndex: policy.idle === null ? null : SENSORS.indexOf(policy.idle.sensor),
  idleBelow: policy.idle?.below ?? 0,
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
