import { expf } from './single-precision.ts';

// Beyond this, e^x leaves single precision.
const LARGEST_EXPONENT = Math.fround(88.7);

/**
 * The probability of a log-odds, rounded as XGBoost rounds it. From 1.6 on XGBoost bounds the exponent, so that no
 * probability is exactly 0.
 */
export const sigmoid = (margin: number, bounded: boolean): number => {
  const exponent = bounded ? Math.min(-margin, LARGEST_EXPONENT) : -margin;
  return Math.fround(1 / Math.fround(expf(exponent) + 1));
};
