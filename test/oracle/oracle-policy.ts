import * as v from 'valibot';

const ms = v.pipe(v.number(), v.integer(), v.minValue(0));
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** The policy of the alarm with its defaults, by section "Policy (defaults)"; it trusts that the values make sense. */
export const policySchema = v.pipe(
  v.object({
    samplePeriodMs: v.optional(ms, 1_000),
    latenessMs: v.optional(ms, 30_000),
    windowMs: v.optional(ms, 60_000),
    threshold: v.optional(ratio, 0.5),
    raiseRatio: v.optional(ratio, 0.6),
    clearRatio: v.optional(ratio, 0.2),
    minCoverage: v.optional(ratio, 0.5),
    levels: v.optional(v.array(v.object({ severity: v.string(), afterMs: ms, clearHoldMs: ms })), [
      { severity: 'advisory', afterMs: 0, clearHoldMs: 60_000 },
      { severity: 'warning', afterMs: 600_000, clearHoldMs: 600_000 },
      { severity: 'alarm', afterMs: 3_600_000, clearHoldMs: 600_000 },
    ]),
    notifyFrom: v.optional(v.string(), 'warning'),
    reopenWithinMs: v.optional(ms, 1_800_000),
    flapping: v.optional(v.object({ reopenings: ms, withinMs: ms }), {
      reopenings: 3,
      withinMs: 86_400_000,
    }),
    remind: v.optional(v.record(v.string(), ms), { alarm: 14_400_000, warning: 86_400_000 }),
    maxReminders: v.optional(ms, 3),
    staleAfterMs: v.optional(ms, 60_000),
    offlineAfterMs: v.optional(ms, 900_000),
    futureToleranceMs: v.optional(ms, 60_000),
    historicalAfterMs: v.optional(ms, 300_000),
    idle: v.optional(v.nullable(v.object({ sensor: v.string(), below: v.number() })), null),
    warmUpMs: v.optional(ms),
    maxShelveMs: v.optional(ms, 86_400_000),
    maxMaintenanceMs: v.optional(ms, 30 * 86_400_000),
  }),
  v.transform((read) => ({ ...read, warmUpMs: read.warmUpMs ?? (read.idle === null ? 0 : 300_000) })),
);

export type OraclePolicy = v.InferOutput<typeof policySchema>;

/** Section "Condition": the highest level reached by so many slots spent active; -1 for none. */
export const rankByTime = (policy: OraclePolicy, active: number): number =>
  policy.levels.findLastIndex(({ afterMs }) => active * policy.samplePeriodMs >= afterMs);

/** How high a severity stands, from 0: by its name, or, where the policy no longer names it, by the time spent active. */
export const rank = (policy: OraclePolicy, severity: string, active: number): number => {
  const named = policy.levels.findIndex((level) => level.severity === severity);
  return named >= 0 ? named : Math.max(0, rankByTime(policy, active));
};
