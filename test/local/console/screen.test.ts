import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainScreen, terminalScreen } from '../../../local/console/screen.ts';

/** A screen on a terminal, and each piece that was written to it. */
const fixture = (columns = 80) => {
  const size = { columns };
  const written: string[] = [];
  const screen = terminalScreen({ write: (text) => written.push(text), columns: () => size.columns });
  return { size, written, screen };
};

test('the live part is replaced in one piece, from its first row on', () => {
  const { written, screen } = fixture();
  screen.live(['one', 'two']);
  screen.live(['three']);
  screen.live([]);
  assert.deepEqual(written, ['one\ntwo\n', '\x1b[2A\r\x1b[Jthree\n', '\x1b[1A\r\x1b[J']);
});

test('what is printed scrolls by above the live part', () => {
  const { written, screen } = fixture();
  screen.print(['first']);
  screen.live(['table']);
  screen.print(['notice', '  detail']);
  screen.print([]);
  assert.deepEqual(written, ['first\n', 'table\n', '\x1b[1A\r\x1b[Jnotice\n  detail\ntable\n']);
});

test('in a terminal that was made narrower all rows of a wrapped line are cleared; colours have no width', () => {
  const { size, written, screen } = fixture(80);
  screen.live([`\x1b[31m${'x'.repeat(40)}\x1b[39m`, '']);
  size.columns = 20;
  screen.live(['y']);
  assert.equal(written[1], '\x1b[3A\r\x1b[Jy\n');
});

test('without a terminal lines are written as they are, and the live part nowhere', () => {
  const written: string[] = [];
  const screen = plainScreen((text) => written.push(text));
  screen.live(['table']);
  screen.print(['notice', '  detail']);
  screen.print([]);
  assert.deepEqual(written, ['notice\n  detail\n']);
});
