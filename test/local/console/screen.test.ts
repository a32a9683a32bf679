import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainScreen, terminalScreen, wrapped } from '../../../local/console/screen.ts';

/** A screen on a terminal, and each piece that was written to it. */
const fixture = (columns = 80, rows = 24) => {
  const size = { columns, rows, isBehind: false };
  const written: string[] = [];
  const screen = terminalScreen({
    write: (text) => {
      written.push(text);
      return Promise.resolve();
    },
    isBehind: () => size.isBehind,
    size: () => ({ ...size }),
  });
  return { size, written, screen };
};

/** What a terminal of so many rows shows after all that was written, and what scrolled out of it; nothing may wrap. */
const shownBy = (pieces: readonly string[], rows: number) => {
  const scrolled: string[] = [];
  const lines = Array.from({ length: rows }, () => '');
  let row = 0;
  // A sequence is read with ~ in place of its escape.
  for (const [token] of pieces
    .join('')
    .replaceAll('\x1b', '~')
    .matchAll(/~\[\d*[AHJK]|\r|\n|[^~\r\n]+/g)) {
    const [, count = '', move] = /^~\[(\d*)([AHJK])$/.exec(token) ?? [];
    if (move === 'A') row = Math.max(0, row - Number(count));
    else if (move === 'H') row = 0;
    else if (move === 'J') lines.fill('', row);
    else if (token === '\n' && row < rows - 1) row += 1;
    else if (token === '\n') {
      scrolled.push(lines.shift() ?? '');
      lines.push('');
    } else if (move === undefined && token !== '\r') lines[row] = token;
  }
  return { lines, scrolled };
};

test('the live part is replaced in one piece, from its first row on, and never by clearing the whole screen', () => {
  const { written, screen } = fixture();
  screen.live(['one', 'two']);
  screen.live(['three']);
  screen.live([]);
  assert.deepEqual(written, [
    'one\x1b[K\ntwo\x1b[K\n\x1b[J',
    '\x1b[2A\rthree\x1b[K\n\x1b[J',
    '\x1b[1A\r\x1b[J',
  ]);
});

test('what is printed scrolls by above the live part', async () => {
  const { written, screen } = fixture();
  await screen.print(['first']);
  screen.live(['table']);
  await screen.print(['notice', '  detail']);
  await screen.print([]);
  assert.deepEqual(shownBy(written, 6).lines, ['first', 'notice', '  detail', 'table', '', '']);
});

for (const [what, changed] of [
  ['lower', { columns: 80, rows: 12 }],
  ['narrower', { columns: 40, rows: 24 }],
  ['larger', { columns: 120, rows: 40 }],
] as const) {
  test(`in a terminal that was made ${what} the notices stay above the live part, which stands there once`, async () => {
    const { size, written, screen } = fixture(80, 24);
    await screen.print(['notice 1', 'notice 2']);
    screen.live(['table', ...Array.from({ length: 19 }, (_, index) => `row ${index}`)]);
    Object.assign(size, changed);
    const live = ['table', 'row 0', 'row 1'];
    screen.live(live);
    const { rows } = size;
    const after = shownBy(written.slice(2), rows).lines;
    assert.deepEqual(after.slice(0, 6), ['notice 1', 'notice 2', ...live, '']);
    screen.live(live);
    screen.live(live);
    const { lines, scrolled } = shownBy(written.slice(2), rows);
    assert.deepEqual(lines, after);
    assert.deepEqual(scrolled, []);
  });
}

test('while nobody reads the live part stays as it is', () => {
  const { size, written, screen } = fixture();
  screen.live(['one']);
  size.isBehind = true;
  screen.live(['two']);
  size.isBehind = false;
  screen.live(['three']);
  assert.deepEqual(shownBy(written, 3).lines, ['three', '', '']);
  assert.equal(written.length, 2);
});

test('a line that is too wide is broken between words and set in; colours have no width', () => {
  const line = `    \x1b[31mlook at\x1b[39m the bearing: lubrication, play and noise`;
  assert.deepEqual(wrapped(line, 32), [
    '    \x1b[31mlook at\x1b[39m the bearing:',
    '      lubrication, play and',
    '      noise',
  ]);
  assert.deepEqual(wrapped(line, 80), [line]);
  assert.deepEqual(wrapped('x'.repeat(50), 32), ['x'.repeat(50)]);
});

test('without a terminal lines are written as they are, and the live part nowhere', async () => {
  const written: string[] = [];
  const screen = plainScreen((text) => {
    written.push(text);
    return Promise.resolve();
  });
  screen.live(['table']);
  await screen.print(['notice', '  detail']);
  await screen.print([]);
  assert.deepEqual(written, ['notice\n  detail\n']);
});
