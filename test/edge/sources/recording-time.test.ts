import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRecordingTime } from '../../../edge/sources/recording-row.ts';

const CASES: readonly [text: string, iso: string | null][] = [
  ['2026-03-09T10:14:33Z', '2026-03-09T10:14:33.000Z'],
  ['2026-03-09T10:14:33', '2026-03-09T10:14:33.000Z'],
  ['2026-03-09 10:14:33', '2026-03-09T10:14:33.000Z'],
  ['2026-03-09 10:14:33.5', '2026-03-09T10:14:33.500Z'],
  ['2026-03-09 10:14:33.123', '2026-03-09T10:14:33.123Z'],
  ['2026-03-09T10:14:33.123456789Z', '2026-03-09T10:14:33.123Z'],
  ['2026-03-09T10:14:33,250Z', '2026-03-09T10:14:33.250Z'],
  ['2026-03-09T10:14Z', '2026-03-09T10:14:00.000Z'],
  ['2026-03-09T00:14:33+01:00', '2026-03-08T23:14:33.000Z'],
  ['2026-03-09T10:14:33-0530', '2026-03-09T15:44:33.000Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['2027-02-29T00:00:00Z', null],
  ['2026-04-31 00:00:00', null],
  ['2026-13-01 00:00:00', null],
  ['2026-03-09 24:00:01', null],
  ['2026-03-09', null],
  ['09.03.2026 10:14', null],
  ['1763800000', '2025-11-22T08:26:40.000Z'],
  ['1763800000.25', '2025-11-22T08:26:40.250Z'],
  ['1763800000123', '2025-11-22T08:26:40.123Z'],
  ['0', '1970-01-01T00:00:00.000Z'],
  ['-1', null],
  ['1e9', null],
  ['99999999999999999', null],
  ['', null],
  ['noon', null],
];

for (const [text, iso] of CASES) {
  test(`"${text}" is ${iso ?? 'no time'}`, () => {
    const ms = readRecordingTime(text);
    assert.equal(ms === null ? null : new Date(ms).toISOString(), iso);
  });
}

test('every time that ISO 8601 writes is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
      assert.equal(readRecordingTime(date.toISOString()), date.getTime());
    }),
  );
});
