import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentCourse } from '../../../backtest/evaluation/detection.ts';
import { type Comparable, differenceOf, raisedForMs } from '../../../backtest/evaluation/difference.ts';

const incident = (id: string, beganMs: number, clearedMs: number | null): IncidentCourse => ({
  id,
  cylinder: id.slice(0, 1),
  beganMs,
  stretches: [{ raisedMs: beganMs, clearedMs }],
  severities: [],
});
const made = (fields: Partial<Comparable>): Comparable => ({
  incidents: [],
  detections: [],
  notices: {},
  ...fields,
});

test('an incident is of one policy alone where none of the other overlaps it on the same cylinder', () => {
  const first = made({
    incidents: [incident('a1', 0, 100), incident('a2', 500, 600), incident('b1', 0, 100)],
  });
  const second = made({ incidents: [incident('a3', 100, 200), incident('a4', 601, null)] });
  const { onlyFirst, onlySecond } = differenceOf(first, second);
  assert.deepEqual(
    onlyFirst.map(({ id }) => id),
    ['a2', 'b1'],
  );
  assert.deepEqual(
    onlySecond.map(({ id }) => id),
    ['a4'],
  );
});

test('delays and numbers of notices are named where they differ, and only there', () => {
  const at = (beginMs: number, delayMs: number | null) => ({
    episode: { cylinder: 'a', beginMs, endMs: beginMs + 1 },
    alarm: null,
    delayMs,
    wasUp: false,
  });
  const { delays, notices } = differenceOf(
    made({ detections: [at(0, 10), at(50, 20), at(90, null)], notices: { RAISED: 2, RECOVERED: 1 } }),
    made({ detections: [at(0, 10), at(50, 25), at(90, 5)], notices: { RAISED: 2, ESCALATED: 1 } }),
  );
  assert.deepEqual(
    delays.map(({ firstMs, secondMs }) => [firstMs, secondMs]),
    [
      [20, 25],
      [null, 5],
    ],
  );
  assert.deepEqual(notices, [
    { type: 'RECOVERED', first: 1, second: 0 },
    { type: 'ESCALATED', first: 0, second: 1 },
  ]);
});

test('incidents of both policies are held against each other where they were raised or cleared at other times', () => {
  const same = incident('a1', 0, 100);
  const { pairs } = differenceOf(
    made({ incidents: [same, incident('b1', 0, 100)] }),
    made({ incidents: [{ ...same, id: 'a9' }, incident('b2', 40, null)] }),
  );
  assert.deepEqual(
    pairs.map(({ first, second }) => [
      first.id,
      second.id,
      raisedForMs(first, 500),
      raisedForMs(second, 500),
    ]),
    [['b1', 'b2', 100, 460]],
  );
});
