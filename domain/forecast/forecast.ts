import type { Policy } from '../alarm/policy/policy.ts';
import { type Forecast, type ForecastMark, forecastIn } from '../alarm/state/output.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import { HOURS_OF_DAY, MINUTES_OF_HOUR, type Share } from '../cylinder/share.ts';
import { crossing, type Point, trendOf } from './trend.ts';

const logOdds = (share: number): number => Math.log(share / (1 - share));

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Minutes are put together by fives: the few samples of one say little. */
const MINUTES_TOGETHER = 5;

/** The log-odds of abnormal in each stretch, `together` of those of a share at a time, by its middle; the one that goes on is left out. */
const pointsIn = (
  { newest, received, abnormal }: Share,
  lengthMs: number,
  together: number,
): readonly Point[] => {
  const points: Point[] = [];
  for (let end = received.length - 1; end >= together; end -= together) {
    const counted = sumOf(received.slice(end - together, end));
    if (counted === 0) continue;
    const bad = sumOf(abnormal.slice(end - together, end));
    const middle = newest - (received.length - 1 - end) - together / 2;
    points.unshift({ t: middle * lengthMs, y: logOdds((bad + 0.5) / (counted + 1)) });
  }
  return points;
};

/** Further than so many times the time that was looked at nothing is foretold. */
const FURTHEST = 3;
/** An interval whose end is so many times as far as its begin says nothing, unless it is over soon. */
const WIDEST = 6;

type Times = readonly [fromMs: number, toMs: number];

/** Between which times the share of abnormal slots comes to what raises an incident; null where that is not clear. */
const raiseIn = (
  share: Share,
  lengthMs: number,
  together: number,
  { raiseRatio, clearRatio }: Policy,
): Times | null => {
  const points = pointsIn(share, lengthMs, together);
  const nowMs = share.newest * lengthMs;
  const trend = trendOf(points, nowMs);
  if (trend === null) return null;
  // A window is fuller now and then than the stretch that it lies in, and raises before all of that does.
  const times = crossing(trend, [logOdds((raiseRatio + clearRatio) / 2), logOdds(raiseRatio)]);
  const spanMs = nowMs - (points[0]?.t ?? nowMs);
  if (times === null || times[1] > FURTHEST * spanMs) return null;
  return times[1] > WIDEST * Math.max(times[0], spanMs / WIDEST)
    ? null
    : [nowMs + times[0], nowMs + times[1]];
};

const marked = (severity: string, fromMs: number, toMs: number): ForecastMark => [
  severity,
  Math.floor(fromMs / MINUTES_OF_HOUR.lengthMs),
  Math.ceil(toMs / MINUTES_OF_HOUR.lengthMs),
];

type Shares = Readonly<{ hour: Share; day: Share }>;

/** An incident that goes on is active most of the time, and no less of it than this. */
const LEAST_ACTIVE = 0.7;

/**
 * The next level of an incident that goes on, by the time that it still has to be active; null where it does not, or has no
 * higher one. Worked out for a notice, and not kept: the rest of an open incident's record fills its write unit.
 */
export const levelToCome = (
  { condition, incident, samplePeriodMs }: CylinderState,
  { hour }: Shares,
  { levels }: Policy,
): Forecast | null => {
  const activeMs = (incident?.active ?? 0) * samplePeriodMs;
  const next = levels.find(({ afterMs }) => afterMs > activeMs);
  if (condition !== 'ACTIVE' || incident === null || next === undefined) return null;
  const nowMs = hour.newest * MINUTES_OF_HOUR.lengthMs;
  const leftMs = next.afterMs - activeMs;
  const toMs = nowMs + MINUTES_OF_HOUR.lengthMs + leftMs / LEAST_ACTIVE;
  return forecastIn(marked(next.severity, nowMs + leftMs, toMs));
};

/**
 * When the first severity that people are told of is reached if all goes on as it does, by the course of the health score: of
 * the share of abnormal slots, of which health is the rest. By the last hour, or else by the last day; null where it is not clear.
 */
export const forecastOf = (alarm: CylinderState, shares: Shares, policy: Policy): ForecastMark | null => {
  if (alarm.condition === 'ACTIVE' || alarm.condition === 'CLEARING') return null;
  const { hour, day } = shares;
  const raise =
    raiseIn(hour, MINUTES_OF_HOUR.lengthMs, MINUTES_TOGETHER, policy) ??
    raiseIn(day, HOURS_OF_DAY.lengthMs, 1, policy);
  const level = policy.levels.find(({ severity }) => severity === policy.notifyFrom);
  if (raise === null || level === undefined) return null;
  return marked(level.severity, raise[0] + level.afterMs, raise[1] + level.afterMs / LEAST_ACTIVE);
};
