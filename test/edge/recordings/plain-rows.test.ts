import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlainRows } from '../../../edge/recordings/plain-rows.ts';

const cut = createPlainRows({ separator: ',', hasDecimalComma: false }, 2);

test('a number cut out of bytes is the double that its text is', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 12 });
  const number = fc
    .tuple(fc.constantFrom('', '-', '+'), digits, digits)
    .chain(([sign, whole, part]) =>
      fc.constantFrom(`${sign}${whole}`, `${sign}${whole}.${part}`, `${sign}.${part}`, `${sign}${whole}.`),
    );
  fc.assert(
    fc.property(number, (text) => {
      const value = cut(Buffer.from(`${text},x\n`), 0).block.number(0, 0);
      // Of more than fifteen digits the reader of words makes a number.
      if (Number.isNaN(value)) assert.ok(text.replaceAll(/\D/g, '').length > 15, text);
      else assert.ok(Object.is(value, Number(text)), text);
    }),
  );
});

test('what is no plain number is left to the reader of words', () => {
  for (const text of ['', ' 1', '1e3', 'x', '-', '.', '1,2', '1.2.3', '0x10', 'nan'].map((word) =>
    word.replace(',', ';'),
  ))
    assert.ok(Number.isNaN(cut(Buffer.from(`${text},x\n`), 0).block.number(0, 0)), text);
});

test('wherever the bytes are divided, the rows are the same', () => {
  const text = 'a,1\r\n\n# note\nb,2,\nc,3\n ,\nd,4';
  const rowsOf = (parts: readonly string[]) => {
    const rows: string[] = [];
    let rest = Buffer.alloc(0);
    let lines = 0;
    for (const part of [...parts, '\n']) {
      const read = cut(Buffer.concat([rest, Buffer.from(part)]), lines);
      for (let row = 0; row < read.block.count; row++)
        rows.push(
          `${read.block.line(row)} ${read.block.width(row)} ${read.block.text(row, 0)} ${read.block.text(row, 1)}`,
        );
      rest = Buffer.from(read.rest);
      lines = read.lines;
    }
    return rows;
  };
  const whole = rowsOf([text]);
  assert.deepEqual(whole, ['1 2 a 1', '4 2 b 2', '5 2 c 3', '7 2 d 4']);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (places) => {
      const at = [0, ...places.toSorted((a, b) => a - b), text.length];
      assert.deepEqual(rowsOf(at.slice(1).map((end, index) => text.slice(at[index], end))), whole);
    }),
  );
});
