import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldCylinder } from '../alarm/fold-cylinder.ts';
import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
import { forecastIn } from '../alarm/state/output.ts';
import { NO_SHARE, type Share } from '../cylinder/share.ts';
import { forecastOf, levelToCome } from './forecast.ts';
import { crossing, trendOf } from './trend.ts';

const MINUTE = 60_000;
const NEWEST = 29_000_000;

test('a line is found whatever a few points say, and its slope lies within its interval', () => {
  const points = Array.from({ length: 12 }, (_, t) => ({
    t,
    y: t === 4 || t === 9 ? 50 : 2 * t + ((t * 7) % 3) / 10,
  }));
  const trend = trendOf(points, 12);
  assert.ok(trend !== null);
  assert.ok(trend.slope[0] <= 2 && trend.slope[1] >= 2);
  const times = crossing(trend, [40, 44]);
  assert.ok(times !== null && times[0] <= 10 && times[1] >= 8, JSON.stringify(times));
});

test('what falls, or is there already, or has too few points comes to nothing', () => {
  assert.equal(trendOf([{ t: 0, y: 0 }], 1), null);
  const falling = trendOf(
    Array.from({ length: 12 }, (_, t) => ({ t, y: -t })),
    12,
  );
  assert.equal(falling === null ? null : crossing(falling, [1, 2]), null);
});

/** An hour in which `abnormal` of the 60 slots of each minute are abnormal. */
const hourOf = (abnormal: (minute: number) => number): Share => ({
  newest: NEWEST,
  received: new Array<number>(60).fill(60),
  abnormal: Array.from({ length: 60 }, (_, minute) => Math.round(abnormal(minute))),
});

const quiet = foldCylinder('c', null, { kind: 'tick', receivedAt: NEWEST * MINUTE }, DEFAULT_POLICY).state;
const sharesOf = (hour: Share) => ({ hour, day: NO_SHARE });

test('a share of abnormal that grows is foretold, and lies within the interval', () => {
  // The log-odds grow by 0.04 a minute: from a share of 0.02 to raise at 0.6 after 107 minutes, which is in 47 from now.
  const growing = (minute: number): number => 60 / (1 + Math.exp(3.9 - 0.04 * minute));
  const mark = forecastOf(quiet, sharesOf(hourOf(growing)), DEFAULT_POLICY);
  assert.ok(mark !== null);
  const { severity, fromMs, toMs } = forecastIn(mark);
  assert.equal(severity, 'warning');
  const inMinutes = (ms: number): number => ms / MINUTE - NEWEST;
  assert.ok(inMinutes(fromMs) < 57 && inMinutes(toMs) > 57, `${inMinutes(fromMs)} to ${inMinutes(toMs)}`);
});

test('nothing is foretold where it is not clear: a quiet hour, a steady share, one that falls, or one that jumps', () => {
  const courses = [
    () => 0,
    () => 12,
    (minute: number) => 20 - minute / 3,
    (minute: number) => ((minute * 37) % 50) / 2,
  ];
  for (const course of courses)
    assert.equal(forecastOf(quiet, sharesOf(hourOf(course)), DEFAULT_POLICY), null, String(course));
});

test('of an incident that goes on the next level is foretold, and of the highest none', () => {
  const active = (slots: number) => {
    const incident = {
      id: 'c@1',
      raisedAt: 1,
      beganAt: 1,
      abnormalAt: null,
      raisedSlots: [1],
      reopenings: 0,
      severity: 'warning',
      active: slots,
      clearedAt: null,
      final: false,
      notices: 0,
      acknowledgedBy: null,
      comment: null,
      endedAt: null,
      endedBy: null,
      closing: null,
    };
    return { ...quiet, condition: 'ACTIVE', incident } as const;
  };
  const shares = sharesOf(hourOf(() => 60));
  const next = levelToCome(active(600), shares, DEFAULT_POLICY);
  assert.equal(next?.severity, 'alarm');
  assert.equal((next?.fromMs ?? 0) - NEWEST * MINUTE, 50 * MINUTE);
  assert.ok((next?.toMs ?? 0) - NEWEST * MINUTE <= 73 * MINUTE);
  assert.equal(levelToCome(active(3600), shares, DEFAULT_POLICY), null);
  assert.equal(levelToCome({ ...active(600), condition: 'CLEARING' }, shares, DEFAULT_POLICY), null);
});
