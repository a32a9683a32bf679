import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { sampleAt, statisticsAfter } from '../../test/fixture/statistics.ts';
import { updateStatistics } from '../cylinder/statistics.ts';
import { SENSORS, type SensorValues } from '../message/sample.ts';
import { shiftsOf } from './deviations.ts';

test('the sensor that moved most comes first, whichever way it moved, with its mean while abnormal and its usual range', () => {
  const found = shiftsOf(statisticsAfter(600, [48, 2, 6, 3, 40, 100]));
  assert.deepEqual(
    found.slice(0, 2).map(({ sensor, deviation }) => [sensor, Math.sign(deviation)]),
    [
      ['wEncoderVelocity', -1],
      ['rVibration_X_RMS_Velocity', 1],
    ],
  );
  const [, first] = found;
  assert.ok(first && Math.abs(first.value - 6) < 0.01);
  assert.ok(first.low !== null && first.low < 2 && first.low > 1.8);
  assert.ok(first.high !== null && first.high > 2 && first.high < 2.2);
});

test('a shift is a share of what is possible, and none within the usual range', () => {
  const shares = (values: SensorValues) =>
    shiftsOf(statisticsAfter(600, values))
      .toSorted((a, b) => SENSORS.indexOf(a.sensor) - SENSORS.indexOf(b.sensor))
      .map(({ share }) => Math.round(share * 100));
  assert.deepEqual(shares([64, 4, 1, 3.01, 70, 250]), [50, 50, -50, 0, 50, -75]);
  assert.deepEqual(shares([90, 2, 2, 0, 150, 0]), [100, 0, 0, -100, 100, -100]);
});

test('it is measured while abnormal, though the cylinder is quiet by now, and of late where it never was', () => {
  let statistics = statisticsAfter(600, [48, 6, 2, 3, 40, 1000]);
  for (let second = 720; second < 760; second += 1)
    statistics = updateStatistics(statistics, sampleAt(second), SHORT_POLICY, false);
  assert.ok(Math.abs((shiftsOf(statistics)[0]?.value ?? 0) - 6) < 0.01);
  assert.equal(shiftsOf({ ...statistics, abnormal: null, recent: [48, 2, 7, 3, 40, 1000] })[0]?.value, 7);
});

test('a sensor that never answered is no mover', () => {
  const statistics = statisticsAfter(100);
  const recent = statistics.recent.map((value, index) => (index === 3 ? null : value));
  assert.equal(shiftsOf({ ...statistics, recent }).length, 5);
  assert.ok(shiftsOf({ ...statistics, recent }).every(({ sensor }) => sensor !== 'wRMSCurrent'));
});

test('while too little is known there is no usual range, and nothing has moved', () => {
  for (const { low, high, deviation } of shiftsOf(statisticsAfter(20, [90, 9, 9, 9, 90, 0])))
    assert.deepEqual([low, high, deviation], [null, null, 0]);
});
