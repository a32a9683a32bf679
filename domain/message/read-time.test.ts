import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTime, type TimeForm, timeFault } from './read-time.ts';

const AT = Date.UTC(2025, 10, 22, 8, 26, 40);

const VALUES: readonly (readonly [unknown, number | null])[] = [
  [1_763_800_000, AT],
  [1_763_800_000.25, AT + 250],
  [1_763_800_000_123, AT + 123],
  [1_763_800_000_123.4, AT + 123],
  [1_763_800_000_123_456, AT + 123],
  [AT * 1e6, AT],
  ['1763800000', AT],
  ['1763800000.25', AT + 250],
  ['1763800000123', AT + 123],
  ['1763800000123456', AT + 123],
  ['1763800000000000000', AT],
  ['1.7638E+12', AT],
  [1_420_070_400, Date.UTC(2015, 0)],
  [1_420_070_399, null],
  [4_102_444_799_999, Date.UTC(2100, 0) - 1],
  [4_102_444_800_000, null],
  [0, null],
  [3000, null],
  [-1, null],
  [45_983.35, null],
  ['45983.35', null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [1e300, null],
  ['1e400', null],
  [null, null],
  [undefined, null],
  [true, null],
  [[AT], null],
  [{}, null],
  ['', null],
  ['noon', null],
  ['2025-11-22T08:26:40Z', AT],
  ['2025-11-22T08:26:40z', AT],
  ['2025-11-22t08:26:40', AT],
  ['2025-11-22 08:26:40', AT],
  [' 2025-11-22 08:26:40\n', AT],
  ['2025-11-22 08:26:40 UTC', AT],
  ['2025-11-22 08:26', AT - 40_000],
  ['2025-11-22', null],
  ['2025/11/22 08:26:40', AT],
  ['2025-11-22 08:26:40.5', AT + 500],
  ['2025-11-22 08:26:40.05', AT + 50],
  ['2025-11-22 08:26:40,250', AT + 250],
  ['2025-11-22T08:26:40.123456', AT + 123],
  ['2025-11-22T08:26:40.123456789Z', AT + 123],
  ['2025-11-22T10:26:40+02:00', AT],
  ['2025-11-22T10:26:40+0200', AT],
  ['2025-11-22T10:26:40+02', AT],
  ['2025-11-22 10:26:40 +02:00', AT],
  ['2025-11-22T02:56:40-05:30', AT],
  ['2025-11-22 8:26:40', AT],
  ['2025-11-22 08:26:40 AM', AT],
  ['2025-11-22 08:26:40 pm', AT + 43_200_000],
  ['2025-11-22 12:26:40 AM', Date.UTC(2025, 10, 22, 0, 26, 40)],
  ['2025-11-22 12:26:40 PM', Date.UTC(2025, 10, 22, 12, 26, 40)],
  ['2025-11-22 13:26:40 PM', null],
  ['22.11.2025 08:26:40', AT],
  ['04.03.2024 06:00:00', Date.UTC(2024, 2, 4, 6)],
  ['22/11/2025 08:26:40', AT],
  ['11/22/2025 8:26:40 AM', AT],
  ['03/04/2024 06:00:00', null],
  ['04/04/2024 06:00:00', Date.UTC(2024, 3, 4, 6)],
  ['2024-02-29 00:00:00', Date.UTC(2024, 1, 29)],
  ['2025-02-29 00:00:00', null],
  ['2025-04-31 00:00:00', null],
  ['2025-13-01 00:00:00', null],
  ['2025-00-01 00:00:00', null],
  ['2025-11-22 24:00:00', null],
  ['2025-11-22 08:60:00', null],
  ['2025-11-22 08:00:60', null],
  ['2025-11-22 08:26:40.', null],
  ['2025-11-22 08:26:40 CET', null],
  ['2004-02-12 10:32:39', Date.UTC(2004, 1, 12, 10, 32, 39)],
];

for (const [value, expected] of VALUES) {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  test(`as a time, ${shown} is ${expected === null ? 'none' : new Date(expected).toISOString()}`, () => {
    assert.equal(readTime(value), expected);
  });
}

const STYLES: readonly (readonly [unknown, TimeForm, string, string | null])[] = [
  [1_079_087_559, 'epoch-s', 'UTC', '2004-03-12T10:32:39.000Z'],
  [0, 'epoch-s', 'UTC', '1970-01-01T00:00:00.000Z'],
  ['1763800000123', 'epoch-ms', 'UTC', '2025-11-22T08:26:40.123Z'],
  [1_763_800_000_123_456, 'epoch-us', 'UTC', '2025-11-22T08:26:40.123Z'],
  [1_763_800_000_000_000_000, 'epoch-ns', 'UTC', '2025-11-22T08:26:40.000Z'],
  [1e300, 'epoch-s', 'UTC', null],
  [45_355.25, 'excel', 'UTC', '2024-03-04T06:00:00.000Z'],
  ['03/04/2024 06:00:00', 'day-month-year', 'UTC', '2024-04-03T06:00:00.000Z'],
  ['03/04/2024 06:00:00', 'month-day-year', 'UTC', '2024-03-04T06:00:00.000Z'],
  ['22/11/2025 06:00:00', 'month-day-year', 'UTC', null],
  ['03/04/2024 06:00:00', 'year-month-day', 'UTC', null],
  ['2024-03-04 06:00:00', 'day-month-year', 'UTC', null],
  ['2024-03-04 06:00:00', 'epoch-s', 'UTC', null],
  ['2024-03-04 06:00:00', 'auto', '+09:00', '2024-03-03T21:00:00.000Z'],
  ['2024-03-04 06:00:00Z', 'auto', '+09:00', '2024-03-04T06:00:00.000Z'],
  ['2024-03-04 06:00:00', 'auto', 'Asia/Seoul', '2024-03-03T21:00:00.000Z'],
  ['2024-03-31 01:30:00', 'auto', 'Europe/Berlin', '2024-03-31T00:30:00.000Z'],
  ['2024-03-31 02:30:00', 'auto', 'Europe/Berlin', null],
  ['2024-03-31 03:30:00', 'auto', 'Europe/Berlin', '2024-03-31T01:30:00.000Z'],
  ['2024-10-27 02:30:00', 'auto', 'Europe/Berlin', '2024-10-27T00:30:00.000Z'],
  ['2024-10-27 03:30:00', 'auto', 'Europe/Berlin', '2024-10-27T02:30:00.000Z'],
  ['2024-07-01 12:00:00', 'auto', 'America/New_York', '2024-07-01T16:00:00.000Z'],
  ['2024-07-01 12:00:00', 'auto', 'Mars/Olympus', null],
];

for (const [value, as, zone, expected] of STYLES) {
  test(`${value} as ${as} in ${zone} is ${expected ?? 'none'}`, () => {
    const ms = readTime(value, { as, zone });
    assert.equal(ms === null ? null : new Date(ms).toISOString(), expected);
  });
}

test('every time that ISO 8601 writes is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
      assert.equal(readTime(date.toISOString()), date.getTime());
    }),
  );
});

test('an instant from 2015 on is the same in every unit of the epoch', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2100, 0) - 1 }), (ms) => {
      assert.deepEqual(
        [ms / 1000, ms, ms * 1000, ms * 1e6].map((value) => readTime(value)),
        [ms, ms, ms, ms],
      );
      assert.equal(readTime(`${BigInt(ms) * 1_000_000n}`), ms);
    }),
  );
});

test('what is no time is named with its value and what would help', () => {
  assert.equal(
    timeFault(45_355.25),
    '45355.25 is no time of 2015 to 2100 in s, ms, µs or ns since 1970; if it is days of a spreadsheet, map time as excel',
  );
  assert.equal(timeFault('7'), '"7" is no time of 2015 to 2100 in s, ms, µs or ns since 1970');
  assert.equal(
    timeFault('03/04/2024 06:00:00'),
    '"03/04/2024 06:00:00" could have its day or its month first (3 April 2024 or 4 March 2024): map time as day-month-year or month-day-year',
  );
  assert.equal(timeFault('noon'), '"noon" is no time');
  assert.equal(timeFault([1]), 'it is a list, not a time');
  assert.equal(timeFault({}), 'it is an object, not a time');
  assert.match(timeFault({ $date: '2025-11-22T08:26:40Z' }), /: map time from its field "\$date"$/);
  assert.equal(timeFault(undefined), 'nothing is no time');
});
