import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideText, durationText, zoneText } from '../../notification/time-text.ts';

const TEXTS: readonly (readonly [number, string])[] = [
  [-5000, '0 s'],
  [0, '0 s'],
  [499, '0 s'],
  [500, '1 s'],
  [1000, '1 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h'],
  [3_600_000 + 59_000, '1 h'],
  [3_900_000, '1 h 5 min'],
  [86_399_000, '23 h 59 min'],
  [86_400_000, '1 d'],
  [86_400_000 + 3_599_000, '1 d'],
  [90_000_000, '1 d 1 h'],
  [864_000_000, '10 d'],
];
for (const [ms, text] of TEXTS) test(`${ms} ms are ${text}`, () => assert.equal(durationText(ms), text));

const KOREAN: readonly (readonly [number, string])[] = [
  [0, '0초'],
  [59_499, '59초'],
  [61_000, '1분 1초'],
  [3_900_000, '1시간 5분'],
  [90_000_000, '1일 1시간'],
];
for (const [ms, text] of KOREAN) {
  test(`${ms} ms in Korean are ${text}`, () => assert.equal(durationText(ms, 'ko'), text));
}

const SUMMER = Date.UTC(2026, 6, 1, 12);
const ZONES: readonly (readonly [timeZone: string, ms: number, zone: string])[] = [
  ['UTC', 0, 'UTC'],
  ['Asia/Seoul', 0, 'UTC+9'],
  ['Asia/Kolkata', SUMMER, 'UTC+5:30'],
  ['Europe/Berlin', SUMMER, 'UTC+2'],
  ['Europe/Berlin', Date.UTC(2026, 0, 1), 'UTC+1'],
  ['America/St_Johns', SUMMER, 'UTC-2:30'],
];
for (const [timeZone, ms, zone] of ZONES) {
  test(`${timeZone} is ${zone} then`, () => assert.equal(zoneText(ms, { timeZone }), zone));
}

test('a time beside another one of its day by the reader’s clock lacks the date', () => {
  const other = SUMMER + 4 * 3_600_000;
  assert.equal(besideText(other, SUMMER, { timeZone: 'UTC' }), '16:00');
  assert.equal(besideText(other, SUMMER, { timeZone: 'Asia/Seoul' }), '07-02 01:00');
});
