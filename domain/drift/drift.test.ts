import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS, type SensorValues } from '../message/sample.ts';
import { referenceOf } from '../model/model-card.ts';
import { type Drift, type DriftEvent, followDrift, stabilityIndex } from './drift.ts';
import { driftReference } from './drift-reference.ts';

const PERIOD_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGIN_MS = Date.UTC(2026, 2, 9);

/** Six values that go up and down by themselves, the second moved by `shift`. */
const valuesAt = (minute: number, shift: number): SensorValues =>
  SENSORS.map((_, sensor) => {
    const wave = Math.sin(minute * (0.7 + sensor * 0.13)) + ((minute * (7 + sensor)) % 11) / 11;
    return 10 * (sensor + 1) + wave + (sensor === 1 ? shift : 0);
  });

const trained = Array.from({ length: 5000 }, (_, minute) => valuesAt(minute, 0));
const scoreAt = (minute: number): number => 0.05 + ((minute * 13) % 17) / 100;
const reference = driftReference(
  referenceOf(
    trained,
    trained.map((_, minute) => scoreAt(minute)),
  ),
);

type Course = (minute: number) => SensorValues;

const follow = (course: Course, minutes: number) => {
  let drift: Drift | null = null;
  let before: SensorValues | null = null;
  const events: (DriftEvent & Readonly<{ minute: number }>)[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const values = course(minute);
    const sample = {
      cylinder: 'c',
      gateway: 'g',
      t: BEGIN_MS + minute * PERIOD_MS,
      boot: null,
      seq: null,
      model: null,
      values,
      probability: scoreAt(minute),
      why: null,
    };
    const step = followDrift(drift, { sample, before, isIdle: false, samplePeriodMs: PERIOD_MS }, reference);
    drift = step.drift;
    if (step.event !== null) events.push({ ...step.event, minute });
    before = values;
  }
  return { drift, events };
};

test('the index is nothing for the same shares, and grows with what moved', () => {
  assert.ok(stabilityIndex([100, 100, 100], [1000, 1000, 1000]) < 0.001);
  // By hand: (0.5-0.1) ln 5 + 2 (0.25-0.45) ln(0.25/0.45).
  assert.ok(Math.abs(stabilityIndex([1e6, 4.5e6, 4.5e6], [5e6, 2.5e6, 2.5e6]) - 0.8789) < 0.001);
});

test('of a cylinder that stays as the model knows it nothing is told in four days', () => {
  const { drift, events } = follow((minute) => valuesAt(minute, 0), 4 * DAY);
  assert.deepEqual(events, []);
  assert.ok(drift?.psi?.every((psi) => psi < 0.1));
});

test('a sensor that moves after its first day is told once, and once that it is back', () => {
  const moves: Course = (minute) => valuesAt(minute, minute > 2 * DAY && minute < 4 * DAY ? 3 : 0);
  const { events, drift } = follow(moves, 8 * DAY);
  assert.deepEqual(
    events.map(({ type, found }) => [type, found]),
    [
      ['DRIFTED', [{ what: SENSORS[1], kind: 'moved' }]],
      ['SETTLED', [{ what: SENSORS[1], kind: 'moved' }]],
    ],
  );
  const [first, second] = events;
  assert.ok((first?.minute ?? 0) - 2 * DAY < 12 * HOUR, 'within half a day');
  assert.ok((second?.minute ?? 0) > 4 * DAY);
  assert.equal(first?.since, second?.since);
  assert.deepEqual([drift?.found, drift?.since], [[], null]);
});

test('a cylinder that has always been unlike the others of the card has not moved', () => {
  const { events, drift } = follow((minute) => valuesAt(minute, 0.8), 4 * DAY);
  assert.ok((drift?.psi?.[1] ?? 0) > 0.25);
  assert.deepEqual(events, []);
});

test('a sensor that stands still while others move is stuck after an hour, and a machine that is off is not', () => {
  const stuck: Course = (minute) =>
    valuesAt(minute, 0).map((value, sensor) => (sensor === 3 && minute > 5 * HOUR ? 41 : value));
  const { events } = follow(stuck, 7 * HOUR);
  assert.deepEqual(events[0]?.found, [{ what: SENSORS[3], kind: 'stuck' }]);
  const off: Course = (minute) => valuesAt(Math.min(minute, 5 * HOUR), 0);
  assert.deepEqual(follow(off, 8 * HOUR).events, []);
});

test('a sensor that no longer answers is missing', () => {
  const silent: Course = (minute) =>
    valuesAt(minute, 0).map((value, sensor) => (sensor === 4 && minute > 10 * HOUR ? null : value));
  const { events } = follow(silent, 20 * HOUR);
  assert.deepEqual(events[0]?.found, [{ what: SENSORS[4], kind: 'missing' }]);
});

test('a reference of another model begins anew', () => {
  const { drift } = follow((minute) => valuesAt(minute, 0), 30 * HOUR);
  const other = { ...reference, id: 'other' };
  const t = BEGIN_MS + 40 * HOUR * PERIOD_MS;
  const sample = { cylinder: 'c', gateway: 'g', t, boot: null, seq: null, model: null, why: null };
  const taken = { ...sample, values: valuesAt(0, 0), probability: 0.1 };
  const step = followDrift(
    drift,
    { sample: taken, before: null, isIdle: false, samplePeriodMs: PERIOD_MS },
    other,
  );
  assert.deepEqual([step.drift.own, step.drift.psi, step.drift.reference], [null, null, 'other']);
});
