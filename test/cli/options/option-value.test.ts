import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../../cli/options/option-value.ts';

const CASES: readonly [text: string, ms: number | null][] = [
  ['500ms', 500],
  ['65s', 65_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1.5h', 5_400_000],
  ['0.25s', 250],
  ['0', 0],
  ['0s', 0],
  ['', null],
  ['65', null],
  ['s', null],
  ['-5s', null],
  ['+5s', null],
  ['5 s', null],
  [' 5s', null],
  ['5S', null],
  ['5sec', null],
  ['1h30m', null],
  ['.5s', null],
  ['1e3s', null],
  ['99999999999999999999d', null],
];

for (const [text, ms] of CASES) {
  test(`"${text}" is ${ms === null ? 'no duration' : `${ms} ms`}`, () => {
    assert.equal(parseDuration(text), ms);
  });
}
