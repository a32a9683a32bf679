import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksFor, verdictOn } from './command-verdict.ts';

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
