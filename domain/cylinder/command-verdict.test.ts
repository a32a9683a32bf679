import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
import { asksFor, refusalWords, verdictOn } from './command-verdict.ts';

const answer = (command: object) =>
  verdictOn({ ...command, type: 'ack' }, 1000, { result: 'in-force', incident: null });

const ack = { by: 'ana', comment: 'on my way', at: 5 };

for (const [what, held, command, asks] of [
  ['the same, in whatever order', { at: 5, comment: 'on my way', by: 'ana' }, ack, true],
  ['the same beside what an earlier command left there', { ...ack, reason: 'seal', until: 9 }, ack, true],
  ['the same with fields that mean nothing', { ...ack, colour: 'red' }, ack, true],
  ['something else', { ...ack, by: 'bo' }, ack, false],
  ['less', { by: 'ana' }, ack, false],
  ['the same by another id', { ...ack, id: 'b' }, { ...ack, id: 'a' }, false],
  ['the same, with an id that the answered one had not', { ...ack, id: 'b' }, ack, false],
  ['what is no command, which was refused', 'please', {}, true],
  ['nothing, which was refused', {}, {}, true],
  ['something, where what was no command was refused', { by: 'ana' }, {}, false],
] as const) {
  test(`a shadow that holds ${what} ${asks ? 'still asks' : 'does not ask'} for what was answered`, () => {
    assert.equal(asksFor(held, answer(command)), asks);
  });
}

test('a verdict keeps its reason, or what was said with the command, and the time that it was given at', () => {
  const { by, at, words, incident } = verdictOn(
    { type: 'ack', by: 'ana', at: 9000, comment: 'seal', incident: 'c@7' },
    1000,
    { result: 'refused', words: 'other', incident: 'c@8' },
  );
  assert.deepEqual([by, at, words, incident], ['ana', 1000, 'other', 'c@7']);
  assert.deepEqual([answer(ack).words, answer(ack).at, answer({}).words], ['on my way', 5, null]);
});

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
