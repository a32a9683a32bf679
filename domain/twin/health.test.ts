import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statisticsAfter } from '../../test/fixture/statistics.ts';
import type { Share } from '../cylinder/share.ts';
import { healthOf } from './health.ts';

const share = (abnormal: number): Share => ({ newest: 0, received: [10], abnormal: [abnormal] });

const HEALTH: readonly (readonly [number, number, number])[] = [
  [0, 0, 100],
  [10, 10, 0],
  [10, 0, 30],
  [0, 10, 70],
  [5, 5, 50],
];
for (const [hour, day, health] of HEALTH) {
  test(`with ${hour} of 10 abnormal in the hour and ${day} of 10 in the day, health is ${health}`, () => {
    assert.equal(healthOf({ ...statisticsAfter(1), hour: share(hour), day: share(day) }), health);
  });
}
