import { type Interval, poisson, wilson } from '../tune/choose-policy.ts';
import type { Evidence, Side } from './evidence.ts';

/** An estimate with the range that holds the true value with 95 % confidence. */
type Estimate = Interval & Readonly<{ estimate: number }>;

/** The share of faults that a model tells, 0…1, null where none was known, and its false alarms a day of one cylinder. */
export type Expected = Readonly<{ detectedShare: Estimate | null; falsePerDay: Estimate }>;

/** What to expect of both models, and what changes with the challenger in the champion's place. */
export type ExpectedChange = Readonly<{ champion: Expected; challenger: Expected; change: Expected }>;

const DAY_MS = 86_400_000;

const expectedOf = (side: Side, faults: number, days: number): Expected => {
  const wrong = poisson(side.false);
  const detectedShare =
    faults === 0 ? null : { estimate: side.detected / faults, ...wilson(side.detected, faults) };
  return {
    detectedShare,
    falsePerDay: { estimate: side.false / days, low: wrong.low / days, high: wrong.high / days },
  };
};

/**
 * The difference of two estimates with the range that their own ranges leave it: Newcombe, "Interval estimation for the
 * difference between independent proportions", 1998; for rates: Zou and Donner, "Construction of confidence limits about
 * effect measures", 2008. Both models saw the same faults, which only makes it narrower in truth.
 */
const difference = (before: Estimate, after: Estimate): Estimate => {
  const estimate = after.estimate - before.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(after.estimate - after.low, before.high - before.estimate),
    high: estimate + Math.hypot(after.high - after.estimate, before.estimate - before.low),
  };
};

/** What a trial promises; `scoredMs` is the time of all cylinders together. Null where nothing was scored. */
export const expectedChange = (
  { faults, champion, challenger }: Pick<Evidence, 'faults' | 'champion' | 'challenger'>,
  scoredMs: number,
): ExpectedChange | null => {
  if (scoredMs <= 0) return null;
  const before = expectedOf(champion, faults, scoredMs / DAY_MS);
  const after = expectedOf(challenger, faults, scoredMs / DAY_MS);
  const [told, tells] = [before.detectedShare, after.detectedShare];
  return {
    champion: before,
    challenger: after,
    change: {
      detectedShare: told === null || tells === null ? null : difference(told, tells),
      falsePerDay: difference(before.falsePerDay, after.falsePerDay),
    },
  };
};
