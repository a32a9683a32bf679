import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from '../../notification/one-line.ts';

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
