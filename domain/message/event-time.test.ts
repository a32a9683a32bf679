import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTime, eventTimeFault } from './event-time.ts';

const AT = Date.UTC(2025, 10, 22, 8, 26, 40);

const TIMES: readonly (readonly [Readonly<Record<string, unknown>>, number | null])[] = [
  [{ t: 0 }, null],
  [{ t: 3000 }, null],
  [{ t: 1_763_800_000_123 }, 1_763_800_000_123],
  [{ t: 8.64e15 }, null],
  [{ t: 8.64e15 + 2 }, null],
  [{ t: -1 }, null],
  [{ t: 0.5 }, null],
  [{ t: Number.NaN }, null],
  [{ t: Number.POSITIVE_INFINITY }, null],
  [{ t: '1763800000123' }, 1_763_800_000_123],
  [{ t: 1_763_800_000 }, 1_763_800_000_000],
  [{ t: 1_763_800_000.25 }, 1_763_800_000_250],
  [{ t: 1_763_800_000_123_456 }, 1_763_800_000_123],
  [{ t: '2025-11-22T10:26:40+02:00' }, AT],
  [{ t: null }, null],
  [{ t: true }, null],
  [{ t: [5] }, null],
  [{}, null],
  [{ sDateTime: '2025-11-22 08:26:40.123' }, Date.UTC(2025, 10, 22, 8, 26, 40, 123)],
  [{ sDateTime: '2025-11-22 08:26:40' }, Date.UTC(2025, 10, 22, 8, 26, 40)],
  [{ sDateTime: '2025-11-22 08:26:40.5' }, Date.UTC(2025, 10, 22, 8, 26, 40, 500)],
  [{ sDateTime: '2025-11-22 08:26:40.05' }, Date.UTC(2025, 10, 22, 8, 26, 40, 50)],
  [{ sDateTime: '2024-02-29 00:00:00' }, Date.UTC(2024, 1, 29)],
  [{ sDateTime: '1970-01-01 00:00:00' }, null],
  [{ sDateTime: '2025-02-29 00:00:00' }, null],
  [{ sDateTime: '2025-02-30 00:00:00' }, null],
  [{ sDateTime: '2025-13-01 00:00:00' }, null],
  [{ sDateTime: '2025-00-01 00:00:00' }, null],
  [{ sDateTime: '2025-11-22 24:00:00' }, null],
  [{ sDateTime: '2025-11-22 08:60:00' }, null],
  [{ sDateTime: '2025-11-22 08:00:60' }, null],
  [{ sDateTime: '1969-12-31 23:59:59' }, null],
  [{ sDateTime: '2025-11-22T08:26:40' }, AT],
  [{ sDateTime: '2025-11-22 08:26:40Z' }, AT],
  [{ sDateTime: '2025-11-22 08:26' }, AT - 40_000],
  [{ sDateTime: '2025-11-22 08:26:40.' }, null],
  [{ sDateTime: '2025-11-22 08:26:40.1234' }, AT + 123],
  [{ sDateTime: ' 2025-11-22 08:26:40' }, AT],
  [{ sDateTime: '2025-11-22 08:26:40\n' }, AT],
  [{ sDateTime: '22.11.2025 08:26:40' }, AT],
  [{ sDateTime: '' }, null],
  [{ sDateTime: 1_763_800_000 }, AT],
  [{ timeInSeconds: 1_763_800_000 }, 1_763_800_000_000],
  [{ timeInSeconds: 1_763_800_000.1234 }, 1_763_800_000_123],
  [{ timeInSeconds: 0 }, null],
  [{ timeInSeconds: 1_763_800_000_123 }, AT + 123],
  [{ timeInSeconds: -1 }, null],
  [{ timeInSeconds: '5' }, null],
  [{ timeInSeconds: 1e300 }, null],
  [{ timeInSeconds: Number.NaN }, null],
  [{ t: 5, sDateTime: '2025-11-22 08:26:40', timeInSeconds: 7 }, AT],
  [{ sDateTime: null, timeInSeconds: 1_763_800_000 }, AT],
  [{ sDateTime: 'yesterday', timeInSeconds: 1_763_800_000 }, AT],
  [{ timestamp: '2025-11-22T08:26:40Z' }, AT],
  [{ timestamp: 1_763_800_000 }, AT],
  [{ Time: 1_763_800_000 }, null],
  [{ sDateTime: '2025-11-22 08:26:40', timeInSeconds: 7 }, Date.UTC(2025, 10, 22, 8, 26, 40)],
  [{ t: -5, sDateTime: '2025-11-22 08:26:40' }, AT],
  [{ sDateTime: 'yesterday', timeInSeconds: 7 }, null],
];

for (const [fields, expected] of TIMES) {
  test(`${JSON.stringify(fields)} ${expected === null ? 'is no time' : `is ${expected}`}`, () => {
    assert.equal(eventTime(fields), expected);
  });
}

test('in a replay a whole t is ms of any age, and no other unit', () => {
  const times: readonly (readonly [unknown, number | null])[] = [
    [0, 0],
    [5, 5],
    [1_763_800_000, 1_763_800_000],
    [8.64e15, 8.64e15],
    [8.64e15 + 2, null],
    [-1, null],
    [0.5, null],
  ];
  for (const [t, expected] of times) assert.equal(eventTime({ t }, true), expected);
});

test('a message without a time says what its time fields hold, or which field looks like one', () => {
  assert.equal(
    eventTimeFault({ t: 3000, sDateTime: '1970-01-01 00:00:03' }),
    'no event time: t: 3000 is no time of 2015 to 2100 in s, ms, µs or ns since 1970; sDateTime: "1970-01-01 00:00:03" is not in the years 2015 to 2100',
  );
  assert.equal(
    eventTimeFault({ Time: '2025-11-22T08:26:40', x: 1 }),
    'no event time: none of t, sDateTime, timeInSeconds, timestamp, ts, time; "Time" looks like a time: map time from it',
  );
  assert.equal(
    eventTimeFault({ t: null }),
    'no event time: none of t, sDateTime, timeInSeconds, timestamp, ts, time; map time from where it is, or as "arrival" for a device without a clock',
  );
});
