import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCell } from '../../cli/query/print-rows.ts';
import { optionText, printable } from '../../domain/printable.ts';

test('a cell is neither run by a spreadsheet nor obeyed by a terminal, and numbers stay numbers', () => {
  const cells: readonly (readonly [unknown, string])[] = [
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['@SUM(1)', "'@SUM(1)"],
    ['+cmd', "'+cmd"],
    ['-rf', "'-rf"],
    [' \t=1+1', "' �=1+1"],
    ['-12.5', '-12.5'],
    [-1e-7, '-1e-7'],
    ['9007199254740993', '9007199254740993'],
    ['cyl-1', 'cyl-1'],
    ['a\x1b[2Jb\r\nc', 'a�[2Jb��c'],
    [null, ''],
  ];
  for (const [value, expected] of cells) assert.equal(csvCell(value), expected);
});

test('a name never becomes an option of a command that is advised', () => {
  assert.equal(optionText('--cylinder', 'cyl-1'), '--cylinder cyl-1');
  assert.equal(optionText('--cylinder', '--help'), '--cylinder=--help');
  assert.equal(optionText('--cylinder', '-rf'), '--cylinder=-rf');
  assert.equal(optionText('--cylinder', "a'; rm b"), `--cylinder 'a'\\''; rm b'`);
  assert.equal(printable('a\u202eb\x9b31m\u{e0041}'), 'a�b�31m�');
});
