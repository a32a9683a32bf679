import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statisticsAfter } from '../../test/fixture/statistics.ts';
import { deviationsOf } from './deviations.ts';

test('the sensor that moved most comes first, whichever way it moved, with its recent mean and usual range', () => {
  const found = deviationsOf(statisticsAfter(600, [48, 2, 6, 3, 40, 100]));
  assert.deepEqual(
    found.slice(0, 2).map(({ sensor, deviation }) => [sensor, Math.sign(deviation)]),
    [
      ['rVibration_X_RMS_Velocity', 1],
      ['wEncoderVelocity', -1],
    ],
  );
  const [first] = found;
  assert.ok(first && Math.abs(first.value - 6) < 0.01);
  assert.ok(first.low !== null && first.low < 2 && first.low > 1.8);
  assert.ok(first.high !== null && first.high > 2 && first.high < 2.2);
});

test('a sensor that never answered is no mover', () => {
  const statistics = statisticsAfter(100);
  const recent = statistics.recent.map((value, index) => (index === 3 ? null : value));
  assert.equal(deviationsOf({ ...statistics, recent }).length, 5);
  assert.ok(deviationsOf({ ...statistics, recent }).every(({ sensor }) => sensor !== 'wRMSCurrent'));
});

test('while too little is known there is no usual range, and nothing has moved', () => {
  for (const { low, high, deviation } of deviationsOf(statisticsAfter(20, [90, 9, 9, 9, 90, 0])))
    assert.deepEqual([low, high, deviation], [null, null, 0]);
});
