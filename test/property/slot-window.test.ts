import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  advance,
  count,
  emptyOut,
  emptyWindow,
  firstAbnormal,
  resize,
} from '../../domain/alarm/state/slot-window.ts';
import { RUNS } from '../fixture/property-runs.ts';

type Step = Readonly<{
  by: number;
  counts: boolean;
  abnormal: boolean;
  size: number | null;
  empties: boolean;
}>;

const sizes = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(31, 32, 33, 64, 65));

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    by: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 70 })),
    counts: fc.boolean(),
    abnormal: fc.boolean(),
    size: fc.option(sizes, { freq: 8 }),
    empties: fc.constantFrom(...new Array<boolean>(15).fill(false), true),
  }),
  { maxLength: 80, size: 'max' },
);

/** A slot that counted, kept for as long as it has never left the window. */
type Kept = Readonly<{ slot: number; abnormal: boolean }>;

test('a window of bits counts what a recount of all slots counts, through jumps, resizing and emptying', () => {
  fc.assert(
    fc.property(sizes, fc.nat(2_000_000_000), steps, (size, start, walked) => {
      let window = emptyWindow(size);
      let kept: readonly Kept[] = [];
      let slot = start;
      for (const { by, counts, abnormal, size: resized, empties } of walked) {
        slot += by;
        if (resized !== null) {
          kept = kept.filter((mark) => mark.slot > (window.end ?? 0) - resized);
          window = resize(window, resized);
        }
        advance(window, slot);
        kept = kept.filter((mark) => mark.slot > slot - window.size);
        if (counts) {
          count(window, abnormal);
          kept = [...kept, { slot, abnormal }];
        }
        if (empties) {
          emptyOut(window);
          kept = [];
        }
        const ill = kept.filter((mark) => mark.abnormal);
        assert.deepEqual(
          [window.countedSlots, window.abnormalSlots, firstAbnormal(window)],
          [kept.length, ill.length, ill[0]?.slot ?? null],
        );
      }
    }),
    RUNS,
  );
});
