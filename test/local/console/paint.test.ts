import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WriteStream } from 'node:tty';
import { paintFor } from '../../../local/console/screen.ts';

/** A stream that says of itself what a terminal would, with the environment of the tests aside. */
const stream = (isTTY: boolean, environment: Readonly<Record<string, string>>): NodeJS.WriteStream =>
  Object.create(WriteStream.prototype, {
    isTTY: { value: isTTY },
    hasColors: { value: () => WriteStream.prototype.hasColors(16, environment) },
  });

const XTERM = { TERM: 'xterm-256color' };

test('a terminal with colours is painted on', () => {
  assert.equal(paintFor(stream(true, XTERM))('red', 'ACTIVE'), '\x1b[31mACTIVE\x1b[39m');
});

const COLOURLESS: readonly (readonly [what: string, stream: NodeJS.WriteStream])[] = [
  ['a pipe', stream(false, XTERM)],
  ['a terminal where NO_COLOR is set', stream(true, { ...XTERM, NO_COLOR: '1' })],
  ['a dumb terminal', stream(true, { TERM: 'dumb' })],
];

for (const [what, target] of COLOURLESS) {
  test(`${what} gets text as it is`, () => {
    assert.equal(paintFor(target)('red', 'ACTIVE'), 'ACTIVE');
  });
}
