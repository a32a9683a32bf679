import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Alarm,
  createIncidentLog,
  createLabelledTime,
  type Episode,
  endOf,
  evaluate,
  severityOf,
} from '../../../backtest/evaluation/detection.ts';
import { alarmsOf } from '../../../backtest/outcome-log.ts';
import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import type { AlarmOutput, Condition } from '../../../domain/alarm/state/output.ts';

const GRACE_MS = 60;
const episode = (beginMs: number, endMs: number, cylinder = 'c'): Episode => ({ cylinder, beginMs, endMs });
const alarm = (raisedMs: number, endedMs: number | null, cylinder = 'c'): Alarm => ({
  id: `${cylinder}@${raisedMs}`,
  cylinder,
  raisedMs,
  endedMs,
});

const CASES: readonly (readonly [
  what: string,
  raisedMs: number,
  endedMs: number | null,
  delayMs: number | null,
  isFalse: boolean,
])[] = [
  ['in the first slot of an episode is a detection without delay', 1000, 1100, 0, false],
  ['in the last slot of an episode is a detection', 2000, null, 1000, false],
  ['a window after the end is a detection', 2060, null, 1060, false],
  ['more than a window after the end is false', 2061, null, null, true],
  ['one slot before an episode is false and detects nothing, though it is up in it', 999, 1500, null, true],
  ['long before and over again is false', 100, 200, null, true],
];

for (const [what, raisedMs, endedMs, delayMs, isFalse] of CASES) {
  test(`an alarm raised ${what}`, () => {
    const raised = alarm(raisedMs, endedMs);
    const { detections, falseAlarms } = evaluate([episode(1000, 2000)], [raised], GRACE_MS);
    assert.equal(detections[0]?.delayMs, delayMs);
    assert.deepEqual(falseAlarms, isFalse ? [raised] : []);
  });
}

test('an alarm that never ends has found nothing of what comes after it', () => {
  const { detections, falseAlarms } = evaluate(
    [episode(1000, 2000), episode(5000, 6000)],
    [alarm(0, null)],
    GRACE_MS,
  );
  assert.deepEqual(
    detections.map(({ delayMs, wasUp }) => [delayMs, wasUp]),
    [
      [null, true],
      [null, true],
    ],
  );
  assert.equal(falseAlarms.length, 1);
});

test('an alarm raised in one episode and still up in the next has found both', () => {
  const { detections } = evaluate([episode(1000, 2000), episode(2500, 3000)], [alarm(1200, 2700)], GRACE_MS);
  assert.deepEqual(
    detections.map(({ delayMs }) => delayMs),
    [200, 0],
  );
});

test('the first alarm of an episode gives the delay, whatever the order in which alarms are given', () => {
  const { detections } = evaluate([episode(1000, 2000)], [alarm(1800, null), alarm(1300, 1400)], GRACE_MS);
  assert.equal(detections[0]?.delayMs, 300);
});

test('an alarm of another cylinder is false and finds nothing', () => {
  const { detections, falseAlarms } = evaluate([episode(1000, 2000)], [alarm(1300, 1400, 'd')], GRACE_MS);
  assert.equal(detections[0]?.alarm, null);
  assert.equal(falseAlarms.length, 1);
});

const read = (labels: readonly (readonly [second: number, label: boolean | null])[]) => {
  const time = createLabelledTime({ cylinder: 'c', samplePeriodMs: 1000, graceMs: 3000 });
  for (const [second, label] of labels) time.add(second * 1000, label);
  return time.read();
};
const from = (begin: number, end: number, label: boolean | null) =>
  Array.from({ length: end - begin }, (_, index): [number, boolean | null] => [begin + index, label]);

test('sound time leaves out the grace after an episode, in which no alarm is false', () => {
  const time = read([...from(0, 10, false), ...from(10, 15, true), ...from(15, 25, false)]);
  assert.equal(time.soundMs, (10 + 7) * 1000);
  assert.deepEqual(time.episodes, [{ cylinder: 'c', beginMs: 10_000, endMs: 14_000 }]);
});

test('a slot counts once, however many samples fell into it, and begins where the slot does', () => {
  const time = read([
    [0.2, false],
    [0.8, false],
    [1.5, true],
  ]);
  assert.equal(time.soundMs, 1000);
  assert.equal(time.episodes[0]?.beginMs, 1000);
});

test('unlabelled time is neither sound nor wrong', () => {
  const time = read([...from(0, 5, false), ...from(5, 10, null), ...from(10, 12, false)]);
  assert.equal(time.soundMs, 7000);
  assert.deepEqual([4000, 7000, 10_000].map(time.isSound), [true, false, true]);
  assert.deepEqual(time.episodes, []);
});

const change = (t: number, from: Condition, to: Condition): AlarmOutput => ({
  kind: 'condition',
  cylinder: 'c',
  t,
  from,
  to,
  incident: 'c@100',
  ...(to === 'ACTIVE' ? { began: 65 } : {}),
});
const severity = (t: number, reached: string): AlarmOutput => ({
  kind: 'severity',
  cylinder: 'c',
  t,
  incident: 'c@100',
  severity: reached,
});

const courseOf = (outputs: readonly AlarmOutput[]) => {
  const log = createIncidentLog();
  for (const output of outputs) log.add(output);
  const [course] = log.all();
  if (course === undefined) throw new Error('no incident');
  return course;
};

const REOPENED = [
  change(100, 'SUSPECT', 'ACTIVE'),
  severity(100, 'advisory'),
  change(150, 'ACTIVE', 'CLEARING'),
  change(160, 'CLEARING', 'ACTIVE'),
  change(180, 'ACTIVE', 'CLEARING'),
  change(200, 'CLEARING', 'NORMAL'),
  change(300, 'NORMAL', 'ACTIVE'),
  severity(350, 'warning'),
  change(400, 'ACTIVE', 'CLEARING'),
  change(500, 'CLEARING', 'NORMAL'),
  change(600, 'SUSPECT', 'ACTIVE'),
];

test('a course has a stretch for the raise and for each reopening, and none for a return from clearing', () => {
  const course = courseOf(REOPENED);
  assert.equal(course.beganMs, 65);
  assert.deepEqual(course.stretches, [
    { raisedMs: 100, clearedMs: 200 },
    { raisedMs: 300, clearedMs: 500 },
    { raisedMs: 600, clearedMs: null },
  ]);
  assert.equal(severityOf(course), 'warning');
  assert.equal(endOf(course), null);
});

test('alarms begin when the severity that people are told of is reached, and again with each reopening after it', () => {
  const course = courseOf(REOPENED);
  const times = (notifyFrom: string) =>
    alarmsOf(course, { ...DEFAULT_POLICY, notifyFrom }).map(({ raisedMs, endedMs }) => [raisedMs, endedMs]);
  assert.deepEqual(times('advisory'), [
    [100, 200],
    [300, 500],
    [600, null],
  ]);
  assert.deepEqual(times('warning'), [
    [350, 500],
    [600, null],
  ]);
  assert.deepEqual(times('alarm'), []);
});

test('several levels reached at once are told by the highest of them', () => {
  const course = courseOf([change(100, 'NORMAL', 'ACTIVE'), severity(100, 'alarm')]);
  assert.equal(alarmsOf(course, { ...DEFAULT_POLICY, notifyFrom: 'warning' })[0]?.raisedMs, 100);
});
