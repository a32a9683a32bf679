import { abnormalShare } from '../cylinder/share.ts';
import type { Statistics } from '../cylinder/statistics.ts';

/** Weight of the last hour against the last day. */
const HOUR_WEIGHT = 0.7;

/** A cylinder's health, 0 (all samples of the last day abnormal) to 100 (none): the last hour counts 70 %, the day 30 %. */
export const healthOf = (statistics: Statistics): number =>
  Math.round(
    100 *
      (1 - HOUR_WEIGHT * abnormalShare(statistics.hour) - (1 - HOUR_WEIGHT) * abnormalShare(statistics.day)),
  );
