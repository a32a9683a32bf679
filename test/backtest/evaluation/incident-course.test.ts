import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIncidentLog, endOf, severityOf } from '../../../backtest/evaluation/incident-course.ts';
import { alarmsOf } from '../../../backtest/outcome-log.ts';
import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import type { AlarmOutput, Condition } from '../../../domain/alarm/state/output.ts';

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
