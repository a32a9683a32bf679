import { damaged } from '../model-error.ts';
import { logf } from '../predict/single-precision.ts';
import { type BoosterRecord, isSince } from './booster-record.ts';

const SMALLEST_BASE_SCORE = Math.fround(1e-6);
const LARGEST_BASE_SCORE = Math.fround(1 - SMALLEST_BASE_SCORE);

/** The log-odds that the trees are added to, in single precision. */
export const baseMargin = ({ xgboost, objective, baseScore }: BoosterRecord): number => {
  const base = Math.fround(baseScore);
  if (isMargin(xgboost, objective)) {
    if (!Number.isFinite(base)) throw damaged('its base_score is not finite');
    return base;
  }
  const bounded = isSince(xgboost, 3, 1) && base >= 0 && base <= 1 ? bound(base) : base;
  if (!(bounded > 0 && bounded < 1)) throw damaged(`its base_score ${baseScore} is not between 0 and 1`);
  return -logf(Math.fround(Math.fround(1 / bounded) - 1));
};

// Before 1.0 the file holds what has been transformed; from 1.3 on logitraw transforms nothing.
const isMargin = (xgboost: BoosterRecord['xgboost'], objective: string): boolean =>
  xgboost === null || (objective === 'binary:logitraw' && isSince(xgboost, 1, 3));

// From 3.1 on labels that are all alike give a base_score of 0 or 1.
const bound = (base: number): number => Math.min(Math.max(base, SMALLEST_BASE_SCORE), LARGEST_BASE_SCORE);
