import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Alarm, type Episode, evaluate } from '../../../backtest/evaluation/detection.ts';

const GRACE_MS = 60;
const EARLY_MS = 90;

const episode = (beginMs: number, endMs: number): Episode => ({ cylinder: 'c', beginMs, endMs });
const alarm = (raisedMs: number, endedMs: number | null): Alarm => ({
  id: `c@${raisedMs}`,
  cylinder: 'c',
  raisedMs,
  endedMs,
});
const delaysOf = (episodes: readonly Episode[], alarms: readonly Alarm[]) =>
  evaluate(episodes, alarms, GRACE_MS, EARLY_MS).detections.map(({ delayMs }) => delayMs);
const falseOf = (episodes: readonly Episode[], alarms: readonly Alarm[]) =>
  evaluate(episodes, alarms, GRACE_MS, EARLY_MS).falseAlarms.map(({ raisedMs }) => raisedMs);

const CASES: readonly (readonly [
  what: string,
  alarms: readonly Alarm[],
  delays: readonly (number | null)[],
  falsely: readonly number[],
])[] = [
  ['raised as early as may be', [alarm(910, null)], [-90, 0], []],
  ['raised a little earlier than that', [alarm(909, null)], [null, null], [909]],
  ['raised early and over before the episode begins', [alarm(950, 960)], [-50, null], []],
  [
    'raised early, again early and then in the episode',
    [alarm(920, 930), alarm(960, 970), alarm(1010, 1020)],
    [-80, null],
    [],
  ],
  ['raised early of the first and up in both', [alarm(950, 2250)], [-50, 0], []],
  [
    'raised in the grace of the first, which is early of the second too',
    [alarm(2150, 2160)],
    [1150, null],
    [],
  ],
  ['raised after the grace of the first', [alarm(2161, 2170)], [null, -39], []],
  [
    'up from the first when one is raised early of the second',
    [alarm(1100, 2300), alarm(2170, 2180)],
    [100, -30],
    [],
  ],
];

const TWO = [episode(1000, 2100), episode(2200, 3000)];
for (const [what, alarms, delays, falsely] of CASES) {
  test(`of two episodes, with alarms ${what}`, () => {
    assert.deepEqual(delaysOf(TWO, alarms), delays);
    assert.deepEqual(falseOf(TWO, alarms), falsely);
  });
}

test('an alarm early of two episodes is early of the first of them alone', () => {
  const close = [episode(1000, 1005), episode(1075, 1080)];
  assert.deepEqual(
    evaluate(close, [alarm(990, 995)], 10, EARLY_MS).detections.map(({ delayMs }) => delayMs),
    [-10, null],
  );
});

const stretches = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 })), { maxLength: 6 })
  .map((steps) => {
    let at = 0;
    return steps.map(([pause, length]) => {
      const beginMs = at + pause;
      at = beginMs + length;
      return [beginMs, at] as const;
    });
  });
const episodesOf = (pairs: readonly (readonly [number, number])[]) => pairs.map(([a, b]) => episode(a, b));
const alarmsOf = (pairs: readonly (readonly [number, number])[]) => pairs.map(([a, b]) => alarm(a, b));

test('every alarm is either true or false, whatever the order in which alarms and episodes are given', () => {
  fc.assert(
    fc.property(stretches, stretches, (wrong, raised) => {
      const [episodes, alarms] = [episodesOf(wrong), alarmsOf(raised)];
      const one = evaluate(episodes, alarms, GRACE_MS, EARLY_MS);
      const turned = evaluate(episodes.toReversed(), alarms.toReversed(), GRACE_MS, EARLY_MS);
      assert.equal(one.trueAlarms.length + one.falseAlarms.length, alarms.length);
      assert.deepEqual(turned.detections.toReversed(), one.detections);
      assert.deepEqual(turned.falseAlarms, one.falseAlarms);
    }),
  );
});

test('to count early alarms loses no detection, makes none later, and calls no more alarms false', () => {
  fc.assert(
    fc.property(stretches, stretches, (wrong, raised) => {
      const [episodes, alarms] = [episodesOf(wrong), alarmsOf(raised)];
      const strict = evaluate(episodes, alarms, GRACE_MS);
      const early = evaluate(episodes, alarms, GRACE_MS, EARLY_MS);
      for (const [index, { delayMs }] of strict.detections.entries()) {
        if (delayMs === null) continue;
        const earlyMs = early.detections[index]?.delayMs ?? Number.POSITIVE_INFINITY;
        assert.ok(earlyMs <= delayMs);
      }
      const falsely = new Set(strict.falseAlarms);
      for (const other of early.falseAlarms) assert.ok(falsely.has(other));
    }),
  );
});

test('a delay below 0 is that of an alarm raised in sound time, no earlier than may be, and its own for one episode', () => {
  fc.assert(
    fc.property(stretches, stretches, (wrong, raised) => {
      const episodes = episodesOf(wrong);
      const { detections } = evaluate(episodes, alarmsOf(raised), GRACE_MS, EARLY_MS);
      const early = detections.filter(({ delayMs }) => delayMs !== null && delayMs < 0);
      assert.equal(new Set(early.map(({ alarm: its }) => its?.id)).size, early.length);
      for (const { alarm: its, delayMs } of early) {
        assert.ok((delayMs ?? 0) >= -EARLY_MS);
        const at = its?.raisedMs ?? Number.NaN;
        assert.ok(episodes.every(({ beginMs, endMs }) => at < beginMs || at > endMs + GRACE_MS));
      }
    }),
  );
});
