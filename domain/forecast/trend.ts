import { median } from '../median.ts';

/** What was measured at a time, ms. */
export type Point = Readonly<{ t: number; y: number }>;

type Range = readonly [low: number, high: number];

/** A line through points with what is not known of it: its value at one time, and its slope per ms. */
export type Trend = Readonly<{ level: Range; slope: Range }>;

const MIN_POINTS = 8;
/** Of the normal distribution: 95 % lie within so many standard deviations. */
const Z = 1.96;
/** From the median absolute deviation to the standard deviation of a normal distribution. */
const TO_DEVIATION = 1.4826;
/** The median of many is less sure than their mean by so much. */
const OF_MEDIAN = 1.2533;

/**
 * The robust line through points: the median of the slopes of all pairs (Theil, 1950), with the interval of Sen (1968, by the
 * variance of Kendall's tau) for its slope, and its value at `nowMs`. Null for few points.
 */
export const trendOf = (points: readonly Point[], nowMs: number): Trend | null => {
  const n = points.length;
  if (n < MIN_POINTS) return null;
  const slopes: number[] = [];
  for (const [index, { t, y }] of points.entries())
    for (const later of points.slice(index + 1)) slopes.push((later.y - y) / (later.t - t));
  slopes.sort((a, b) => a - b);
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const at = (place: number): number => slopes[Math.max(0, Math.min(slopes.length - 1, place))] ?? 0;
  const slope = median(slopes) ?? 0;
  const levels = points.map(({ t, y }) => y + slope * (nowMs - t));
  const level = median(levels) ?? 0;
  const spread = median(levels.map((one) => Math.abs(one - level))) ?? 0;
  const unsure = (Z * OF_MEDIAN * TO_DEVIATION * spread) / Math.sqrt(n);
  return {
    level: [level - unsure, level + unsure],
    slope: [at(Math.floor(slopes.length / 2 - half)), at(Math.ceil(slopes.length / 2 + half))],
  };
};

/** Between which times after now a rising trend comes to a target, ms, which is reached between a nearest and a farthest value. */
export const crossing = ({ level, slope }: Trend, [nearest, farthest]: Range): Range | null => {
  if (slope[0] <= 0 || level[0] >= nearest) return null;
  return [Math.max(0, (nearest - level[1]) / slope[1]), (farthest - level[0]) / slope[0]];
};
