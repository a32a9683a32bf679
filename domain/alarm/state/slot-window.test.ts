import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  advance,
  copyWindow,
  count,
  emptyOut,
  emptyWindow,
  firstAbnormal,
  lastAbnormal,
  resize,
} from './slot-window.ts';

type Mark = Readonly<{ slot: number; abnormal: boolean | null }>;

/** A window that went over the pattern from `from` on: `A` counted as abnormal, `n` as normal, `-` did not count. */
const windowOver = (size: number, pattern: string, from = 0) => {
  const window = emptyWindow(size);
  for (const [index, letter] of [...pattern].entries()) {
    advance(window, from + index);
    if (letter !== '-') count(window, letter === 'A');
  }
  return window;
};

const sums = (window: ReturnType<typeof emptyWindow>) => [window.countedSlots, window.abnormalSlots];

test('an empty window counts nothing, ends nowhere and has no first abnormal slot', () => {
  const window = emptyWindow(40);
  assert.deepEqual(window, {
    size: 40,
    end: null,
    counted: [0, 0],
    abnormal: [0, 0],
    countedSlots: 0,
    abnormalSlots: 0,
  });
  assert.equal(firstAbnormal(window), null);
  assert.equal(lastAbnormal(window), null);
  count(window, true);
  assert.deepEqual(sums(window), [0, 0]);
});

const SUMS: readonly (readonly [number, string, number, number, number | null])[] = [
  [3, 'A', 1, 1, 0],
  [3, 'n', 1, 0, null],
  [3, 'AnA', 3, 2, 0],
  [3, 'AnAn', 3, 1, 2],
  [3, 'AnAnn', 3, 1, 2],
  [3, 'AnAnnn', 3, 0, null],
  [3, 'A--', 1, 1, 0],
  [3, 'A---', 0, 0, null],
  [3, 'A---A', 1, 1, 4],
  [1, 'AAn', 1, 0, null],
  [1, 'AAA', 1, 1, 2],
  [32, 'A'.repeat(32), 32, 32, 0],
  [32, 'A'.repeat(33), 32, 32, 1],
  [33, 'A'.repeat(33), 33, 33, 0],
  [40, `A${'-'.repeat(38)}A`, 2, 2, 0],
  [40, `A${'-'.repeat(39)}A`, 1, 1, 40],
  [600, 'An'.repeat(700), 600, 300, 800],
];

for (const [size, pattern, counted, abnormal, first] of SUMS) {
  const shown = pattern.length > 12 ? `${pattern.slice(0, 6)}… of ${pattern.length}` : pattern;
  test(`a window of ${size} over ${shown} counted ${counted}, ${abnormal} of them abnormal, the first at ${first}`, () => {
    const window = windowOver(size, pattern);
    assert.deepEqual(sums(window), [counted, abnormal]);
    assert.equal(firstAbnormal(window), first);
    assert.equal(lastAbnormal(window), first === null ? null : pattern.lastIndexOf('A'));
    assert.equal(window.end, pattern.length - 1);
  });
}

test('a window far from slot 0 finds its first abnormal slot by its number', () => {
  assert.equal(firstAbnormal(windowOver(7, 'nnAnnA', 1_700_000_003)), 1_700_000_005);
});

test('a jump of less than the size keeps what is still inside, one of the size or more keeps nothing', () => {
  const kept = windowOver(4, 'AAAA');
  advance(kept, 6);
  assert.deepEqual([...sums(kept), firstAbnormal(kept), kept.end], [1, 1, 3, 6]);
  const gone = windowOver(4, 'AAAA');
  advance(gone, 7);
  assert.deepEqual([...sums(gone), firstAbnormal(gone), gone.end], [0, 0, null, 7]);
  assert.deepEqual(gone.counted, [0]);
});

test('emptying leaves the end where it is and no bit behind', () => {
  const window = windowOver(4, 'AnAn');
  emptyOut(window);
  assert.deepEqual(window, { ...emptyWindow(4), end: 3 });
});

test('a copy does not follow what happens to the original', () => {
  const window = windowOver(4, 'An');
  const copy = copyWindow(window);
  assert.deepEqual(copy, window);
  advance(window, 2);
  count(window, true);
  assert.deepEqual(copy, windowOver(4, 'An'));
});

const RESIZED: readonly (readonly [number, number, string, number, number, number | null])[] = [
  [5, 2, 'AAAnA', 2, 1, 4],
  [5, 3, 'AAAnA', 3, 2, 2],
  [2, 5, 'AAAnA', 2, 1, 4],
  [5, 5, 'AA-nA', 4, 3, 0],
  [5, 3, 'A', 1, 1, 0],
  [3, 9, 'nnn', 3, 0, null],
  [40, 3, `${'A'.repeat(38)}-n`, 2, 1, 37],
];

for (const [from, to, pattern, counted, abnormal, first] of RESIZED) {
  test(`a window of ${from} over ${pattern} made one of ${to} counts ${counted}, ${abnormal} abnormal`, () => {
    const window = resize(windowOver(from, pattern), to);
    assert.deepEqual([window.size, window.end], [to, pattern.length - 1]);
    assert.deepEqual(sums(window), [counted, abnormal]);
    assert.equal(firstAbnormal(window), first);
  });
}

test('what a narrower window dropped does not return to a wider one', () => {
  const window = resize(resize(windowOver(5, 'AAAAA'), 2), 5);
  assert.deepEqual([...sums(window), firstAbnormal(window)], [2, 2, 3]);
});

test('a window without an end stays without one under another size', () => {
  assert.deepEqual(resize(emptyWindow(5), 3), emptyWindow(3));
});

test('under every size and every step a window counts what a recount of the marks counts', () => {
  for (const size of [1, 2, 31, 32, 33, 64, 65]) {
    const window = emptyWindow(size);
    const marks: Mark[] = [];
    let slot = 0;
    for (let step = 0; step < 300; step += 1) {
      slot += step % 17 === 16 ? size - (step % 3) + 1 : 1 + (step % 2);
      const abnormal = step % 5 === 0 ? null : step % 3 === 0;
      advance(window, slot);
      if (abnormal !== null) count(window, abnormal);
      marks.push({ slot, abnormal });
      const inside = marks.filter((mark) => mark.slot > slot - size && mark.abnormal !== null);
      const ill = inside.filter((mark) => mark.abnormal);
      assert.deepEqual(
        [...sums(window), firstAbnormal(window)],
        [inside.length, ill.length, ill[0]?.slot ?? null],
      );
    }
  }
});
