import type { OraclePolicy } from './oracle-policy.ts';
import type { Cylinder, Evaluated } from './oracle-state.ts';

export interface WindowCount {
  readonly coverage: number;
  readonly ratio: number;
  /** The start of the first abnormal counting slot, ms; null when there is none. */
  readonly firstAbnormalMs: number | null;
}

/** Section "What counts": counts the W slots that end with the last one afresh, from all that was ever evaluated. */
export const countWindow = (cylinder: Cylinder, policy: OraclePolicy): WindowCount => {
  const width = policy.windowMs / policy.samplePeriodMs;
  const ours = cylinder.evaluated.filter(({ periodMs }) => periodMs === cylinder.periodMs);
  const lowest = lowestSlotInWindow(ours);
  const counted = ours.filter(
    ({ slot, counts, beginning }) => counts && slot >= lowest && beginning === cylinder.beginnings,
  );
  const abnormal = counted.filter((one) => one.abnormal);
  return {
    coverage: counted.length / width,
    ratio: abnormal.length / counted.length,
    firstAbnormalMs: abnormal[0]?.startMs ?? null,
  };
};

/** Section "Policy": a slot that had left a window of its time does not return to a wider one. */
const lowestSlotInWindow = (evaluated: readonly Evaluated[]): number =>
  Math.max(...evaluated.map(({ slot, windowSlots }) => slot - windowSlots + 1));

/** Section "What counts", warm-up: the running received slots up to and with the last evaluated one. */
export const warmedUpSlots = (cylinder: Cylinder): number => {
  let running = 0;
  for (const one of cylinder.evaluated.filter(({ received }) => received).toReversed()) {
    if (!one.running || one.inMaintenance || one.beginning !== cylinder.beginnings) break;
    running += 1;
    if (one.afterGap) break;
  }
  return running;
};
