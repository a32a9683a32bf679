import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTime } from './sample.ts';

const TIMES: readonly (readonly [Readonly<Record<string, unknown>>, number | null])[] = [
  [{ t: 0 }, 0],
  [{ t: 1_763_800_000_123 }, 1_763_800_000_123],
  [{ t: 8.64e15 }, 8.64e15],
  [{ t: 8.64e15 + 2 }, null],
  [{ t: -1 }, null],
  [{ t: 0.5 }, null],
  [{ t: Number.NaN }, null],
  [{ t: Number.POSITIVE_INFINITY }, null],
  [{ t: '1763800000123' }, null],
  [{ t: null }, null],
  [{ t: true }, null],
  [{ t: [5] }, null],
  [{}, null],
  [{ sDateTime: '2025-11-22 08:26:40.123' }, Date.UTC(2025, 10, 22, 8, 26, 40, 123)],
  [{ sDateTime: '2025-11-22 08:26:40' }, Date.UTC(2025, 10, 22, 8, 26, 40)],
  [{ sDateTime: '2025-11-22 08:26:40.5' }, Date.UTC(2025, 10, 22, 8, 26, 40, 500)],
  [{ sDateTime: '2025-11-22 08:26:40.05' }, Date.UTC(2025, 10, 22, 8, 26, 40, 50)],
  [{ sDateTime: '2024-02-29 00:00:00' }, Date.UTC(2024, 1, 29)],
  [{ sDateTime: '1970-01-01 00:00:00' }, 0],
  [{ sDateTime: '2025-02-29 00:00:00' }, null],
  [{ sDateTime: '2025-02-30 00:00:00' }, null],
  [{ sDateTime: '2025-13-01 00:00:00' }, null],
  [{ sDateTime: '2025-00-01 00:00:00' }, null],
  [{ sDateTime: '2025-11-22 24:00:00' }, null],
  [{ sDateTime: '2025-11-22 08:60:00' }, null],
  [{ sDateTime: '2025-11-22 08:00:60' }, null],
  [{ sDateTime: '1969-12-31 23:59:59' }, null],
  [{ sDateTime: '2025-11-22T08:26:40' }, null],
  [{ sDateTime: '2025-11-22 08:26:40Z' }, null],
  [{ sDateTime: '2025-11-22 08:26' }, null],
  [{ sDateTime: '2025-11-22 08:26:40.' }, null],
  [{ sDateTime: '2025-11-22 08:26:40.1234' }, null],
  [{ sDateTime: ' 2025-11-22 08:26:40' }, null],
  [{ sDateTime: '2025-11-22 08:26:40\n' }, null],
  [{ sDateTime: '22.11.2025 08:26:40' }, null],
  [{ sDateTime: '' }, null],
  [{ sDateTime: 1_763_800_000 }, null],
  [{ timeInSeconds: 1_763_800_000 }, 1_763_800_000_000],
  [{ timeInSeconds: 1_763_800_000.1234 }, 1_763_800_000_123],
  [{ timeInSeconds: 0 }, 0],
  [{ timeInSeconds: -1 }, null],
  [{ timeInSeconds: '5' }, null],
  [{ timeInSeconds: 1e300 }, null],
  [{ timeInSeconds: Number.NaN }, null],
  [{ t: 5, sDateTime: '2025-11-22 08:26:40', timeInSeconds: 7 }, 5],
  [{ sDateTime: '2025-11-22 08:26:40', timeInSeconds: 7 }, Date.UTC(2025, 10, 22, 8, 26, 40)],
  [{ t: -5, sDateTime: '2025-11-22 08:26:40' }, null],
  [{ sDateTime: 'yesterday', timeInSeconds: 7 }, null],
];

for (const [fields, expected] of TIMES) {
  test(`${JSON.stringify(fields)} ${expected === null ? 'is no time' : `is ${expected}`}`, () => {
    assert.equal(eventTime(fields), expected);
  });
}
