import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_KINDS, type FaultKind } from '../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, story } from '../../test/fixture/alarm-story.ts';
import { sampleAt, statisticsAfter } from '../../test/fixture/statistics.ts';
import { type Statistics, updateStatistics } from '../cylinder/statistics.ts';
import { SENSORS, type SensorValues } from '../message/sample.ts';
import { adviceOn, gatherFacts, shiftsOf } from './gather-facts.ts';
import type { Advice } from './notice.ts';

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

const statistics = statisticsAfter(600, [48, 6, 2, 3, 40, 1000]);
const incident = `c@${at(2)}`;

test('a notice of an open incident knows when it began, and the share of the window', () => {
  const facts = gatherFacts(incident, story().play('AAAAn').state(), statistics);
  const { gateway, beganAt, endedAt, endedBy, abnormalShare, windowMs, probability } = facts ?? {};
  assert.deepEqual(
    [gateway, beganAt, endedAt, endedBy, abnormalShare, windowMs, probability],
    ['g', at(0), null, null, 1, 5000, 0.9],
  );
});

test('it names the two sensors that moved most, and what to look at', () => {
  const moved = statisticsAfter(600, [48, 6, 4, 3, 40, 1000]);
  const facts = gatherFacts(incident, story().play('AAAAn').state(), moved);
  assert.equal(facts?.deviations.length, 2);
  assert.equal(facts.deviations[0]?.sensor, 'rVibration_Z_RMS_Velocity');
  assert.equal(facts.advice, 'rod-guide');
});

test('the sensor that led to the advice is named first, though heat has gone further', () => {
  const facts = gatherFacts(
    incident,
    story().play('AAAAn').state(),
    statisticsAfter(600, [79, 2, 2, 4, 60, 1000]),
  );
  assert.equal(facts?.advice, 'load');
  assert.deepEqual(
    facts?.deviations.map(({ sensor }) => sensor),
    ['wCurrentLoad', 'rVibration_Temp'],
  );
  assert.deepEqual(Object.keys(facts?.deviations[0] ?? {}), ['sensor', 'value', 'low', 'high', 'deviation']);
});

test('probability and share are of the window, whatever the samples after it say', () => {
  const quiet = updateStatistics(statistics, sampleAt(800, { probability: 0.02 }), SHORT_POLICY, false);
  const abnormal = gatherFacts(incident, story().play('AAAAn').state(), quiet);
  assert.deepEqual([abnormal?.abnormalShare, abnormal?.probability], [1, 0.9]);
  const again = updateStatistics(quiet, sampleAt(801, { probability: 0.95 }), SHORT_POLICY, false);
  const calm = gatherFacts(incident, story().play('AAAAnnnnnnnn').state(), again);
  assert.deepEqual([calm?.abnormalShare, calm?.probability], [0, 0.02]);
});

test('a notice of a cleared incident knows when it cleared', () => {
  const facts = gatherFacts(incident, story().play('AAAnnnnnn').state(), statistics);
  assert.deepEqual([facts?.endedAt, facts?.endedBy], [at(7), null]);
});

test('a notice of an incident that maintenance ended knows that', () => {
  const one = story()
    .play('AAAA')
    .order({ type: 'maintenance', by: 'a', reason: 'x', until: at(60) }, 9);
  const facts = gatherFacts(incident, one.state(), statistics);
  assert.deepEqual([facts?.endedAt, facts?.endedBy, facts?.abnormalShare], [at(9), 'maintenance', 0]);
});

test('a notice of another incident than the latest says nothing of the times of the latest', () => {
  for (const other of ['c@1', null]) {
    const facts = gatherFacts(other, story().play('AAAAn').state(), statistics);
    assert.deepEqual([facts?.beganAt, facts?.endedAt, facts?.endedBy], [null, null, null]);
  }
});

test('of a cylinder that nobody has seen nothing is known', () => {
  assert.equal(gatherFacts(null, story().state(), null), null);
});

test('a notice of what is open but quiet says since when, and how the trouble ended is that of the last abnormal slot', () => {
  const quiet = gatherFacts(incident, story().play('AAAnnnnn').state(), statistics);
  assert.deepEqual([quiet?.quietSince, quiet?.lastAbnormalAt, quiet?.endedAt], [at(2), at(2), null]);
  const over = gatherFacts(incident, story().play('AAAnnnnnn').state(), statistics);
  assert.deepEqual([over?.quietSince, over?.lastAbnormalAt, over?.endedAt], [null, at(2), at(7)]);
  const open = gatherFacts(incident, story().play('AAAAn').state(), statistics);
  assert.deepEqual([open?.quietSince, open?.lastAbnormalAt], [null, at(3)]);
});

test('a notice of what came back says since when it is back, and one of what never went does not', () => {
  const back = gatherFacts(incident, story().play('AAAnnnnnnAAAA').state(), statistics);
  assert.deepEqual([back?.beganAt, back?.backSince], [at(0), at(11)]);
  const over = gatherFacts(incident, story().play('AAAnnnnnnAAAnnnnnn').state(), statistics);
  assert.deepEqual([over?.backSince, over?.lastAbnormalAt], [at(11), at(11)]);
  const open = gatherFacts(incident, story().play('AAAA').state(), statistics);
  assert.equal(open !== null && 'backSince' in open, false);
});

test('of an incident whose slots were numbered by another sample period it is not known', () => {
  const state = story().play('AAAnnnnnnAAAA').state();
  for (const samplePeriodMs of [500, 2000])
    assert.equal(gatherFacts(incident, { ...state, samplePeriodMs }, statistics)?.backSince, undefined);
});

test('a sensor that is as usual is not named as one that moved', () => {
  const state = story().play('AAAAn').state();
  const usual = gatherFacts(incident, state, statisticsAfter(600, [48, 2, 2, 3, 40, 1000]));
  assert.deepEqual([usual?.deviations, usual?.advice], [[], 'cylinder']);
  const one = gatherFacts(incident, state, statisticsAfter(600, [48, 2, 2, 3, 40, 500]));
  assert.deepEqual(
    one?.deviations.map(({ sensor }) => sensor),
    ['wEncoderVelocity'],
  );
});

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
