import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_KINDS, type FaultKind } from '../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { sampleAt, statisticsAfter } from '../../test/fixture/statistics.ts';
import { type Statistics, updateStatistics } from '../cylinder/statistics.ts';
import type { SensorValues } from '../message/sample.ts';
import { adviceOn } from './advice.ts';
import { shiftsOf } from './gather-facts.ts';
import type { Advice } from './notice.ts';

const findingAt = (values: SensorValues | null, why: SensorValues | null = null, healthySeconds = 600) =>
  adviceOn(shiftsOf(statisticsAfter(healthySeconds, values)), why);

// In the order of SENSORS: temperature, vibration Z, vibration X, current, load, speed; usual are 48, 2, 2, 3, 40, 1000.
const ADVICE: readonly (readonly [string, SensorValues, Advice])[] = [
  ['no speed is read', [48, 2, 2, 3, 40, 0], 'encoder'],
  ['no speed is read and the drive pushes harder', [48, 2, 2, 3.8, 48, 20], 'encoder'],
  ['the load has grown far more than the speed has dropped', [60, 2.4, 2.2, 5.5, 80, 850], 'load'],
  ['the load has grown alone', [48, 2, 2, 3, 80, 1000], 'load'],
  ['the current has grown alone', [48, 2, 2, 6, 40, 1000], 'load'],
  ['more drive gives less speed', [50, 2, 2, 4.5, 55, 500], 'seals'],
  ['more current gives less speed', [48, 2, 2, 4.5, 40, 500], 'seals'],
  ['it shakes in Z and runs hot', [60, 6, 3, 3, 40, 1000], 'bearing'],
  ['it shakes sideways above all', [48, 3, 7, 3, 40, 1000], 'mounting'],
  ['it shakes in Z alone', [48, 6, 2, 3, 40, 1000], 'rod-guide'],
  ['it is slower with no more drive', [48, 2, 2, 3, 40, 500], 'seals'],
  ['no speed is read and the load is near its limit', [48, 2, 2, 7, 95, 0], 'load'],
  ['the load has grown beyond all that it can be', [60, 2, 2, 6, 150, 900], 'load'],
  ['it is hot and nothing else', [70, 2, 2, 3, 40, 1000], 'cooling'],
  ['it is colder, and nothing else', [20, 2, 2, 3, 40, 1000], 'unclear'],
  ['it shakes alike in both directions', [48, 4, 4, 3, 40, 1000], 'unclear'],
  ['the load is gone, which no part is known by', [48, 2.6, 2, 3, 0, 1000], 'unclear'],
  ['it is faster, and nothing else', [48, 2, 2, 3, 40, 2000], 'unclear'],
  ['nothing moved', [48, 2, 2, 3, 40, 1000], 'cylinder'],
];
for (const [when, values, look] of ADVICE)
  test(`when ${when}, the advice is to look at: ${look}`, () => assert.equal(findingAt(values).advice, look));

test('of two that moved alike the model decides, where it does', () => {
  const values = [48, 2, 2, 4.2, 40, 700];
  assert.equal(findingAt(values).advice, 'unclear');
  assert.equal(findingAt(values, [0, 0, 0, 0.4, 0.4, 3]).advice, 'seals');
  assert.equal(findingAt(values, [0, 0, 0, 2, 1, -0.5]).advice, 'load');
  assert.equal(findingAt(values, [0, 0, 0, 1, 1, 3]).advice, 'unclear');
  assert.equal(findingAt(values, [3, 0, 0, -1, 0, -2]).advice, 'unclear');
});

test('what leads has to outdo all that moved alike, not only the next', () => {
  const values = [48, 2.4, 2, 3.5, 40, 850];
  assert.equal(findingAt(values, [0, 4, 0, 0.2, 0.1, 3]).advice, 'unclear');
  assert.equal(findingAt(values, [0, 4, 0, 0.2, 0.1, 1]).advice, 'rod-guide');
});

test('the sensor that led to the advice is known, and none where it is not clear', () => {
  assert.equal(findingAt([70, 2, 2, 3, 60, 1000]).lead, 'wCurrentLoad');
  assert.equal(findingAt([70, 2, 2, 3, 40, 1000]).lead, 'rVibration_Temp');
  assert.equal(findingAt([48, 2, 2, 7, 95, 0]).lead, 'wCurrentLoad');
  assert.equal(findingAt([48, 4, 4, 3, 40, 1000]).lead, null);
  assert.equal(findingAt([48, 2, 2, 3, 40, 1000]).lead, null);
});

test('while the usual is not known it is not clear yet', () => {
  assert.equal(findingAt([90, 9, 9, 9, 90, 0], null, 20).advice, 'unclear');
  assert.equal(adviceOn([], null).advice, 'unclear');
});

const START_MS = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;

/** What a technician is told of a simulated cylinder in which a fault has grown for a quarter of an hour. */
const adviceOnFault = (kind: FaultKind): Advice | null => {
  const beginMs = START_MS + 60 * MINUTE_MS;
  const fault = { cylinder: 0, kind, beginMs, growMs: 10 * MINUTE_MS, endMs: beginMs + 60 * MINUTE_MS };
  const line = createLine({ cylinders: 1, seed: 4, startMs: START_MS, faults: [fault] });
  let statistics: Statistics | null = null;
  for (let t = START_MS; t < beginMs + 15 * MINUTE_MS; t += 1000) {
    const [seen] = line.at(t);
    if (seen === undefined) continue;
    const isAbnormal = t >= beginMs + MINUTE_MS;
    const sample = sampleAt(0, { t, values: seen.values, probability: isAbnormal ? 0.9 : 0.1 });
    statistics = updateStatistics(statistics, sample, SHORT_POLICY, !isAbnormal);
  }
  return statistics === null ? null : adviceOn(shiftsOf(statistics), null).advice;
};

const EXPECTED: Readonly<Record<FaultKind, readonly (Advice | null)[]>> = {
  'bearing-wear': ['bearing', 'rod-guide'],
  'seal-leak': ['seals'],
  overload: ['load'],
  'loose-mount': ['mounting'],
  'stuck-encoder': ['encoder'],
};
for (const kind of FAULT_KINDS) {
  test(`a simulated ${kind} is advised on as what it is`, () =>
    assert.ok(EXPECTED[kind].includes(adviceOnFault(kind))));
}
