import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalWords } from './refusal-words.ts';

const WORDS: readonly (readonly [string, RegExp])[] = [
  ['unknown', /no such command/],
  ['missing by', /^the field by is missing$/],
  ['missing reason', /^the field reason is missing$/],
  ['missing until', /^the field until is missing$/],
  ['missing outcome', /^the field outcome is missing$/],
  ['missing mode', /what failed/],
  ['outcome', /fault, no-fault-found, sensor or planned-work/],
  ['older', /newer command/],
  ['too long', /longer than the policy allows/],
  ['other incident', /another incident/],
  ['past', /already passed/],
  ['no incident', /no incident/],
  ['no shelf', /nothing is shelved/],
];
for (const [why, words] of WORDS)
  test(`${why} is said in plain words`, () => assert.match(refusalWords(why), words));
