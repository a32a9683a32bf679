import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at } from '../../test/fixture/alarm-story.ts';
import { sampleAt } from '../../test/fixture/statistics.ts';
import type { Sample } from '../message/sample.ts';
import { followSequence, missingIn, type Sequence } from './sequence.ts';

const after = (samples: Iterable<Sample>): Sequence => {
  let sequence: Sequence | null = null;
  for (const sample of samples) sequence = followSequence(sequence, sample);
  if (sequence === null) throw new Error('a sequence of no sample');
  return sequence;
};

const seqs = (...list: readonly number[]): Sequence => after(list.map((seq) => sampleAt(seq)));

const GAPS: readonly (readonly [string, readonly number[], Sequence['gaps']])[] = [
  ['none', [3, 4, 5], []],
  ['one number', [3, 5], [[4, 4]]],
  [
    'numbers left out',
    [3, 7, 9],
    [
      [4, 6],
      [8, 8],
    ],
  ],
  ['a gap whose begin came', [3, 7, 4], [[5, 6]]],
  ['a gap whose end came', [3, 7, 6], [[4, 5]]],
  [
    'a gap whose middle came',
    [3, 7, 5],
    [
      [4, 4],
      [6, 6],
    ],
  ],
  ['a gap that was filled', [3, 6, 5, 4], []],
  ['numbers before the first that came', [9, 8, 4], [[5, 7]]],
  [
    'repetitions',
    [3, 7, 7, 3, 5, 5],
    [
      [4, 4],
      [6, 6],
    ],
  ],
];
for (const [what, list, gaps] of GAPS)
  test(`gaps: ${what}`, () => assert.deepEqual(seqs(...list).gaps, gaps));

test('the boot with the latest samples counts, in whatever order the two come', () => {
  const old = [0, 1, 3].map((seq) => sampleAt(seq, { boot: 'z' }));
  const young = [0, 2].map((seq) => sampleAt(5 + seq, { boot: 'a', seq }));
  for (const samples of [
    [...old, ...young],
    [...young, ...old],
    [old[0], young[0], old[1], young[1], old[2]].filter((sample) => sample !== undefined),
  ]) {
    const { boot, gaps } = after(samples);
    assert.deepEqual([boot, gaps], ['a', [[1, 1]]]);
  }
});

test('of two boots at one time the same one counts in either order', () => {
  const both = [sampleAt(0, { boot: 'a' }), sampleAt(0, { boot: 'b' })];
  assert.equal(after(both).boot, after(both.toReversed()).boot);
});

test('a sample without a boot or a number changes nothing', () => {
  assert.equal(followSequence(null, sampleAt(0, { boot: null })), null);
  const before = seqs(0);
  assert.equal(followSequence(before, sampleAt(9, { seq: null })), before);
});

test('a hundred gaps are counted, the newest of them kept: what is older stays missing', () => {
  const sparse = seqs(...Array.from({ length: 101 }, (_, index) => 3 * index));
  assert.equal(missingIn(sparse), 200);
  assert.ok(sparse.gaps.length <= 24 && JSON.stringify(sparse).length < 400);
  assert.equal(missingIn(after([sampleAt(1)].values())), 0);
  const filled = followSequence(followSequence(sparse, sampleAt(1)), sampleAt(299));
  assert.equal(filled === null ? null : missingIn(filled), 199);
});

/** Numbers of which some never come; each comes up to `spread` places late, some of them twice. */
const streams = fc.record({
  received: fc.array(fc.boolean(), { minLength: 2, maxLength: 80 }),
  places: fc.infiniteStream(fc.nat(29)),
  again: fc.infiniteStream(fc.constantFrom(-1, -1, 0, 12)),
});

test('in any order within half a minute, and however often each comes, the same numbers are missing', () => {
  fc.assert(
    fc.property(streams, ({ received, places, again }) => {
      const list = received.flatMap((isReceived, seq) => (isReceived ? [seq] : []));
      fc.pre(list.length > 0);
      const placed = list.flatMap((seq) => {
        const place = seq + Number(places.next().value);
        const repeated = Number(again.next().value);
        return [{ seq, place }, ...(repeated < 0 ? [] : [{ seq, place: place + repeated }])];
      });
      const mixed = seqs(...placed.sort((a, b) => a.place - b.place).map(({ seq }) => seq));
      const [first = 0] = list;
      assert.equal(missingIn(mixed), (list.at(-1) ?? 0) - first + 1 - list.length);
      assert.equal(mixed.newestMs, at(list.at(-1) ?? 0));
    }),
  );
});
