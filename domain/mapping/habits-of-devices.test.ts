import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type PayloadHabit, readPayloadOf } from '../../test/fixture/read-payload.ts';

/** A habit in each line: a payload, its topic and mapping, and what is read of it, or the parts of what is told in order. */
const habitsOf = (file: string): readonly PayloadHabit[] =>
  readFileSync(new URL(`../../test/fixture/payloads/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const ONE = '{"t":1763800000,"rVibration_Temp":41.5,"wRMSCurrent":3.1}';
const IS_ONE = { is: ['cyl-07 0 41.5 - - 3.1'] };
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const bytes = (hex: string) => Buffer.from(hex, 'hex');

const IN_BYTES: readonly PayloadHabit[] = [
  { habit: 'UTF-16 with its mark', body: utf16(`\uFEFF${ONE}`), ...IS_ONE },
  { habit: 'UTF-16 without a mark', body: utf16(ONE), ...IS_ONE },
  { habit: 'UTF-16 of the other order', body: utf16(ONE).swap16(), ...IS_ONE },
  {
    habit: 'a degree sign of Windows',
    body: Buffer.from(`{"unit":"°C",${ONE.slice(1)}`, 'latin1'),
    ...IS_ONE,
  },
  { habit: 'gzip', body: gzipSync(ONE), is: [], told: ['not-utf8: ', '; it begins as gzip: let the device'] },
  { habit: 'zlib', body: deflateSync(ONE), is: [], told: ['; it begins as zlib: let the device send it'] },
  { habit: 'zstd', body: zstdCompressSync(ONE), is: [], told: ['; it begins as zstd: let the device'] },
  {
    habit: 'CBOR',
    body: bytes('a261741a692174806474656d701829'),
    is: [],
    told: ['not-utf8: ', '; it begins as CBOR: let the device send JSON'],
  },
  {
    habit: 'MessagePack',
    body: bytes('82a174ce69217480a474656d7029'),
    is: [],
    told: ['not-utf8: ', '; it begins as MessagePack or CBOR: let the device send JSON'],
  },
  {
    habit: 'protobuf',
    body: bytes('0880e885011500002642'),
    is: [],
    told: ['not-utf8: ', '; if it is a binary form such as protobuf'],
  },
];

const HABITS = [
  ...['writing-habits.jsonl', 'device-habits.jsonl', 'odd-habits.jsonl'].flatMap(habitsOf),
  ...IN_BYTES,
];

test('two hundred habits are in the tables', () => assert.ok(HABITS.length >= 200));

for (const one of HABITS) {
  const { habit, map, is, told } = one;
  const how = `${map === undefined ? 'without a map' : 'by a map'} ${told === undefined ? 'as it was meant' : 'and what is not is told with what helps'}`;
  test(`${habit}: read ${how}`, () => {
    const read = readPayloadOf(one);
    assert.deepEqual(read.slice(0, is.length), is);
    const rest = read.slice(is.length);
    assert.equal(rest.length, told === undefined ? 0 : 1, rest.join('\n'));
    let at = 0;
    for (const part of told ?? []) {
      const found = rest.join().indexOf(part, at);
      assert.ok(found >= at, `${rest} does not tell ${part}`);
      at = found + part.length;
    }
  });
}
