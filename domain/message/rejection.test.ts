import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECEIVED_AT } from '../../test/fixture/message.ts';
import { sample } from '../../test/fixture/stored-sample.ts';
import { splitAhead } from './rejection.ts';

const ahead = (ms: number) => sample({ t: RECEIVED_AT + ms });
const tolerance = () => 60_000;

test('a sample as far ahead as tolerated stays, one a millisecond further is parted and says by how much', () => {
  const samples = [ahead(60_000), ahead(60_001), ahead(-31_536_000_000)];
  const split = splitAhead(samples, RECEIVED_AT, tolerance);
  assert.deepEqual(split.samples, [samples[0], samples[2]]);
  const [rejection, ...others] = split.rejections;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [rejection?.reason, rejection?.detail, rejection?.cylinder, rejection?.t],
    ['time-ahead', "60001 ms ahead of the receiver's clock", 'cyl-07', RECEIVED_AT + 60_001],
  );
});

test('a year ahead is ahead', () => {
  assert.equal(splitAhead([ahead(31_536_000_000)], RECEIVED_AT, tolerance).rejections.length, 1);
});

test('where none is ahead the samples are the very same', () => {
  const samples = [ahead(0), ahead(60_000)];
  assert.deepEqual(splitAhead(samples, RECEIVED_AT, tolerance), { samples, rejections: [] });
  assert.equal(splitAhead(samples, RECEIVED_AT, tolerance).samples, samples);
});

test('every cylinder has a tolerance of its own', () => {
  const samples = [
    { ...ahead(100), cylinder: 'a' },
    { ...ahead(100), cylinder: 'b' },
  ];
  const split = splitAhead(samples, RECEIVED_AT, (cylinder) => (cylinder === 'a' ? 99 : 100));
  assert.deepEqual(split.samples, [samples[1]]);
});

test('a clock that is ahead by a zone or by decades is told what to map', () => {
  const HOUR_MS = 3_600_000;
  const cases: readonly (readonly [aheadMs: number, advice: string])[] = [
    [9 * HOUR_MS - 500, "; if its clock is local, map the time's zone"],
    [5.5 * HOUR_MS + 20_000, "; if its clock is local, map the time's zone"],
    [9 * HOUR_MS + 400_000, ''],
    [15 * HOUR_MS, ''],
    [2_082_844_800_000, '; if it counts from 1904, as LabVIEW does, map time as labview'],
  ];
  for (const [aheadMs, advice] of cases) {
    const [rejection] = splitAhead([ahead(aheadMs)], RECEIVED_AT, tolerance).rejections;
    assert.equal(rejection?.detail, `${aheadMs} ms ahead of the receiver's clock${advice}`);
  }
});
