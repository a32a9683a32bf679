import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_KINDS, type FaultKind } from '../../edge/simulator/fault.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { sampleAt, statisticsAfter } from '../../test/fixture/statistics.ts';
import { type Statistics, updateStatistics } from '../cylinder/statistics.ts';
import type { SensorValues } from '../message/sample.ts';
import { type Advice, adviceOn } from './advice.ts';
import { deviationsOf } from './deviations.ts';

const advice = (values: SensorValues | null, healthySeconds = 600): Advice =>
  adviceOn(deviationsOf(statisticsAfter(healthySeconds, values)));

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
  ['it is slower with no more drive', [48, 2, 2, 3, 40, 500], 'encoder'],
  ['it is hot and nothing else', [70, 2, 2, 3, 40, 1000], 'cooling'],
  ['it is colder, and nothing else', [20, 2, 2, 3, 40, 1000], 'cylinder'],
  ['nothing moved', [48, 2, 2, 3, 40, 1000], 'cylinder'],
];
for (const [when, values, look] of ADVICE)
  test(`when ${when}, the advice is to look at: ${look}`, () => assert.equal(advice(values), look));

test('while the usual is not known the advice is a general one', () => {
  assert.equal(advice([90, 9, 9, 9, 90, 0], 20), 'cylinder');
  assert.equal(adviceOn([]), 'cylinder');
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
  return statistics === null ? null : adviceOn(deviationsOf(statistics));
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
