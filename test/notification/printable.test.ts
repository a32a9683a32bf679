import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../notification/printable.ts';

test('what would move the cursor, colour or turn a terminal round is shown in its place, and nothing else is', () => {
  assert.equal(printable('a\u001b[31mb\r\n\u009bc\u202ed'), 'a�[31mb���c�d');
  assert.equal(printable('실린더 1–2 °C µ'), '실린더 1–2 °C µ');
});
