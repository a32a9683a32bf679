import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable } from '../../domain/printable.ts';
import { oneLine, shortened } from '../../notification/line-text.ts';
import { RUNS } from '../fixture/property-runs.ts';

const TEXTS: readonly (readonly [what: string, text: string, line: string])[] = [
  ['Korean and emojis stay', '울산 1공장 😀', '울산 1공장 😀'],
  ['line breaks become a space', 'a\r\nb\u2028c', 'a b c'],
  ['controls go', '\u0007a\u0000b\u007f', 'a b'],
  ['what turns the direction of writing goes', 'a\u202eb', 'a b'],
  ['half a character becomes the sign for it', 'a\ud83d', 'a\ufffd'],
  ['what is no character goes', 'a\uffffb', 'a b'],
  ['nothing is left of nothing', ' \n ', ''],
];
for (const [what, text, line] of TEXTS) test(what, () => assert.equal(oneLine(text), line));

const NAMES: readonly (readonly [string, number, string])[] = [
  ['cyl-07', 6, 'cyl-07'],
  ['cyl-07', 5, 'cy..7'],
  ['press-4444-left', 11, 'press..left'],
  ['cyl-07', 2, '..'],
  ['cyl-07', 0, '..'],
  ['😀😀😀', 5, '😀..'],
  ['😀😀😀', 6, '😀😀😀'],
];
for (const [name, limit, short] of NAMES) {
  test(`${name} in ${limit} is ${short}`, () => assert.equal(shortened(name, limit), short));
}

test('it keeps within the limit, begins and ends as the name does, and cuts no character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (name, limit) => {
      const short = shortened(name, limit);
      assert.ok(short.length <= limit && short.isWellFormed());
      if (short === name) return;
      const gap = [...short.matchAll(/\.(?=\.)/g)].some(
        ({ index }) => name.startsWith(short.slice(0, index)) && name.endsWith(short.slice(index + 2)),
      );
      assert.ok(gap && name.length > limit);
    }),
    RUNS,
  );
});

test('what would move the cursor, colour or turn a terminal round is shown in its place, and nothing else is', () => {
  assert.equal(printable('a\u001b[31mb\r\n\u009bc\u202ed'), 'a�[31mb���c�d');
  assert.equal(printable('실린더 1–2 °C µ'), '실린더 1–2 °C µ');
});
