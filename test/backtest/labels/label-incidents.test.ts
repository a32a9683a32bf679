import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Label, labelIncidents, type SeenIncident } from '../../../backtest/labels/label-incidents.ts';

const rules = { marginMs: 10, earlyMs: 0, isRestSound: true };
const incident = (
  outcome: string | null,
  beganAt: number,
  endedAt: number | null,
  id = 'i',
): SeenIncident => ({
  id,
  cylinder: 'cyl-1',
  beganAt,
  clearedAt: endedAt,
  endedAt,
  outcome,
});

for (const [outcome, inside] of [
  ['fault', true],
  ['no-fault-found', false],
  ['sensor', false],
  ['planned-work', null],
  [null, null],
] as const)
  test(`time of an incident with the outcome ${outcome} is ${inside}, with a margin around it`, () => {
    const { labelAt } = labelIncidents([incident(outcome, 100, 200)], rules);
    const expected: readonly (readonly [t: number, label: Label])[] = [
      [89, false],
      [90, null],
      [99, null],
      [100, inside],
      [199, inside],
      [200, null],
      [209, null],
      [210, false],
    ];
    for (const [t, label] of expected) assert.equal(labelAt('cyl-1', t), label, String(t));
    assert.equal(labelAt('cyl-2', 150), false);
  });

test('hours before a fault count as abnormal where that is asked for, and only before a fault', () => {
  const early = { ...rules, earlyMs: 50 };
  const { labelAt, abnormal } = labelIncidents(
    [incident('fault', 100, 200), incident('sensor', 500, 600)],
    early,
  );
  assert.deepEqual(
    [39, 40, 49, 50, 99, 100, 460].map((t) => labelAt('cyl-1', t)),
    [false, null, null, true, true, true, false],
  );
  assert.deepEqual(abnormal, [{ cylinder: 'cyl-1', fromMs: 50, toMs: 200 }]);
});

test('an incident that has not ended leaves out all that comes after, and the rest can be left out too', () => {
  const { labelAt } = labelIncidents([incident(null, 100, null)], { ...rules, isRestSound: false });
  assert.deepEqual(
    [0, 100, 1e15].map((t) => labelAt('cyl-1', t)),
    [null, null, null],
  );
  const open = labelIncidents([incident(null, 100, null)], rules);
  assert.deepEqual(
    [0, 95, 1e15].map((t) => open.labelAt('cyl-1', t)),
    [false, null, null],
  );
});

test('a fault outweighs the margin of what came before it', () => {
  const { labelAt, abnormal } = labelIncidents(
    [incident('fault', 100, 200), incident('fault', 200, 300, 'j'), incident('sensor', 290, 320, 'k')],
    rules,
  );
  assert.deepEqual(
    [199, 200, 205, 295, 305, 315].map((t) => labelAt('cyl-1', t)),
    [true, true, true, true, null, false],
  );
  assert.deepEqual(abnormal, [{ cylinder: 'cyl-1', fromMs: 100, toMs: 300 }]);
});

test('the label of any time is that of the heaviest span that it lies in', () => {
  const outcomes = ['fault', 'no-fault-found', 'sensor', 'planned-work', null];
  const some = fc.array(
    fc.record({
      id: fc.constant('i'),
      cylinder: fc.constant('cyl-1'),
      beganAt: fc.integer({ min: 0, max: 100 }),
      lasts: fc.option(fc.integer({ min: 0, max: 40 })),
      outcome: fc.constantFrom(...outcomes),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: -20, max: 160 }), (seen, t) => {
      const incidents = seen.map(({ lasts, ...its }) => ({
        ...its,
        clearedAt: null,
        endedAt: lasts === null ? null : its.beganAt + lasts,
      }));
      const { labelAt } = labelIncidents(incidents, rules);
      const within = (from: number, to: number) => t >= from && t < to;
      const isIn = incidents.filter(({ beganAt, endedAt }) =>
        within(beganAt, endedAt ?? Number.POSITIVE_INFINITY),
      );
      const isFault = isIn.some(({ outcome }) => outcome === 'fault');
      const isOut =
        isIn.some(({ outcome }) => outcome === null || outcome === 'planned-work') ||
        incidents.some(
          ({ beganAt, endedAt }) =>
            within(beganAt - 10, beganAt) || (endedAt !== null && within(endedAt, endedAt + 10)),
        );
      assert.equal(labelAt('cyl-1', t), isFault ? true : isOut ? null : false);
    }),
  );
});
