import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
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
  test(`${why} is said in plain words`, () =>
    assert.match(refusalWords(why, 'shelve', DEFAULT_POLICY), words));

const LIMITS = { maxShelveMs: 5_400_000, maxMaintenanceMs: 90_000 };

test('what is too long names the limit of its command', () => {
  assert.deepEqual(
    ['shelve', 'maintenance'].map((type) => refusalWords('too long', type, LIMITS)),
    [
      'that is longer than the policy allows: at most 1.5 h (maxShelveMs)',
      'that is longer than the policy allows: at most 1.5 min (maxMaintenanceMs)',
    ],
  );
});

test('the end of maintenance where there is none is refused as that', () => {
  assert.match(refusalWords('past', 'maintenance', LIMITS), /^there is no maintenance to end/);
  assert.match(refusalWords('past', 'shelve', LIMITS), /^the time .* has already passed$/);
});
