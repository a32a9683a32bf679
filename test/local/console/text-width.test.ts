import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titledTable, wrapped } from '../../../local/console/screen.ts';
import { beginningOf, textWidth } from '../../../local/console/text-width.ts';

for (const [text, columns] of [
  ['cyl-03', 6],
  ['정비 중', 7],
  ['加熱', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['❗', 2],
  ['…→°~', 4],
  ['\x1b[31mred\x1b[39m', 3],
] as const)
  test(`${JSON.stringify(text)} takes up ${columns} columns`, () => assert.equal(textWidth(text), columns));

test('a Korean line is broken between words where the terminal ends, and not a column behind it', () => {
  const line = '    점검 - 엔코더: 케이블, 커플링, 디스크를 확인하십시오. 속도가 거의 검출되지 않습니다';
  for (const columns of [40, 80]) {
    const lines = wrapped(line, columns);
    for (const part of lines) assert.ok(textWidth(part) < columns, `${columns}: ${part}`);
    assert.equal(lines.map((part) => part.trim()).join(' '), line.trim());
  }
});

test('columns stand below each other behind Korean words', () => {
  const lines = titledTable(
    [{ title: 'by' }, { title: 'since' }],
    [
      ['김철수', '3 s'],
      ['kim', '4 s'],
    ],
  );
  assert.deepEqual(lines, ['by      since', '김철수  3 s', 'kim     4 s']);
});

test('no wide character is halved', () => {
  assert.equal(beginningOf('정비 중', 3), '정');
  assert.equal(beginningOf('정비 중', 4), '정비');
  assert.equal(beginningOf('정비', 4), '정비');
});
