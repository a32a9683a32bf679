import type { OraclePolicy } from './oracle-policy.ts';
import type { Cylinder, Judged } from './oracle-state.ts';

export interface WindowCount {
  readonly coverage: number;
  readonly ratio: number;
  /** The first abnormal counting slot; `k` itself when there is none. */
  readonly firstAbnormal: number;
}

/** Section "What counts": counts the W slots that end with `k` afresh, from all that was ever evaluated. */
export const countWindow = (cylinder: Cylinder, policy: OraclePolicy, k: number): WindowCount => {
  const width = policy.windowMs / policy.samplePeriodMs;
  const lowest = lowestSlotInWindow(cylinder.judged);
  const counted = cylinder.judged.filter(
    ({ slot, counts, maintenances }) => counts && slot >= lowest && maintenances === cylinder.maintenances,
  );
  const abnormal = counted.filter((judged) => judged.abnormal);
  return {
    coverage: counted.length / width,
    ratio: abnormal.length / counted.length,
    firstAbnormal: abnormal[0]?.slot ?? k,
  };
};

/** Section "Policy": a slot that had left a window of its time does not return to a wider one. */
const lowestSlotInWindow = (judged: readonly Judged[]): number =>
  Math.max(...judged.map(({ slot, windowSlots }) => slot - windowSlots + 1));

/** Section "What counts", warm-up: the running received slots up to and with the last evaluated one. */
export const warmedUpSlots = (cylinder: Cylinder): number => {
  let running = 0;
  for (const judged of cylinder.judged.filter(({ received }) => received).toReversed()) {
    if (!judged.running || judged.inMaintenance || judged.maintenances !== cylinder.maintenances) break;
    running += 1;
    if (judged.afterGap) break;
  }
  return running;
};
