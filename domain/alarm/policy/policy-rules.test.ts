import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { levelAt, rankOf, reachedRank, rulesOf } from './policy.ts';

const rules = rulesOf(SHORT_POLICY);

test('times become slots: the wait rounded up, the window whole', () => {
  const { latenessSlots, windowSlots, notifyRank } = rulesOf({
    ...SHORT_POLICY,
    samplePeriodMs: 500,
    latenessMs: 1001,
    notifyFrom: 'warning',
  });
  assert.deepEqual([latenessSlots, windowSlots, notifyRank], [3, 10, 1]);
});

test('the idle sensor is found among the values of a sample', () => {
  assert.deepEqual([rules.idleIndex, rules.idleBelow], [null, 0]);
  const idle = rulesOf({ ...SHORT_POLICY, idle: { sensor: 'wRMSCurrent', below: 0.7 } });
  assert.deepEqual([idle.idleIndex, idle.idleBelow], [3, 0.7]);
});

test('the rules of one policy are worked out once', () => {
  assert.equal(rulesOf(SHORT_POLICY), rules);
  assert.notEqual(rulesOf({ ...SHORT_POLICY }), rules);
});

const REACHED: readonly (readonly [number, number])[] = [
  [0, 0],
  [5, 0],
  [6, 1],
  [11, 1],
  [12, 2],
  [9999, 2],
];
for (const [slots, rank] of REACHED) {
  test(`after ${slots} active slots the level reached is of rank ${rank}`, () => {
    assert.equal(reachedRank(rules, slots), rank);
  });
}

test('a severity has the rank of its level; one that is no longer named, that of the time spent active', () => {
  assert.deepEqual(
    ['advisory', 'warning', 'alarm'].map((severity) => rankOf(rules, severity, 0)),
    [0, 1, 2],
  );
  assert.equal(rankOf(rules, 'advisory', 9999), 0);
  assert.deepEqual(
    [rankOf(rules, 'gone', 0), rankOf(rules, 'gone', 6), rankOf(rules, 'gone', 12)],
    [0, 1, 2],
  );
});

test('a rank below every level is the first, as a level after 0 may be by a policy of the past', () => {
  const [first, ...rest] = SHORT_POLICY.levels;
  assert.ok(first);
  const late = rulesOf({ ...SHORT_POLICY, levels: [{ ...first, afterMs: 5000 }, ...rest] });
  assert.equal(reachedRank(late, 1), -1);
  assert.equal(rankOf(late, 'gone', 1), 0);
});

test('a level is found by its rank, and a rank of no level is a fault of the program', () => {
  assert.equal(levelAt(rules, 1).severity, 'warning');
  assert.throws(() => levelAt(rules, 3), /a policy of 3 levels has none at rank 3/);
});
