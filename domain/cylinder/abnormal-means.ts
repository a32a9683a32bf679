import type { Sample, SensorValues } from '../message/sample.ts';

/** What the abnormal samples of late had in common: each sensor's mean and contribution, and the probability. */
export type AbnormalMeans = Readonly<{
  /** How many samples that is, each counting less the older it is. */
  weight: number;
  values: SensorValues;
  /** Mean contribution of each sensor to the log-odds; null where none was sent. */
  why: SensorValues | null;
  probability: number;
}>;

/** Below this weight nothing is left to speak of: long after the last abnormal sample. */
const MIN_WEIGHT = 0.05;

/** Finer than a sensor's noise, and coarse enough for a record to stay small. */
const DIGITS = 5;

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const towards = (mean: number | null, value: number | null, weight: number): number | null => {
  if (value === null || mean === null) return value ?? mean;
  const followed = mean + (value - mean) / weight;
  return Number.isFinite(followed) ? rounded(followed) : value;
};

const meansTowards = (before: SensorValues | null, values: SensorValues, weight: number): SensorValues =>
  values.map((value, index) => towards(before?.[index] ?? null, value, weight));

type Following = Readonly<{ abnormal: boolean; isHealthy: boolean; elapsedMs: number; memoryMs: number }>;

/**
 * The means `elapsedMs` later, with the sample in them if it is abnormal; what is `memoryMs` old counts e times less. They
 * are kept while the cylinder is not healthy, however quiet it has become.
 */
export const followAbnormal = (
  before: AbnormalMeans | null,
  { values, why, probability }: Sample,
  { abnormal, isHealthy, elapsedMs, memoryMs }: Following,
): AbnormalMeans | null => {
  const left = before === null ? 0 : before.weight * Math.exp(-elapsedMs / memoryMs);
  if (!abnormal) {
    if (before === null || (isHealthy && left < MIN_WEIGHT)) return null;
    return { ...before, weight: rounded(left) };
  }
  const weight = left + 1;
  return {
    weight: rounded(weight),
    values: meansTowards(before?.values ?? null, values, weight),
    why: why === null ? (before?.why ?? null) : meansTowards(before?.why ?? null, why, weight),
    probability: towards(before?.probability ?? null, probability, weight) ?? probability,
  };
};
