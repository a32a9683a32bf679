import type { Sample } from '../message/sample.ts';

/** Numbers that have not been seen, the first and the last of them. */
export type Gap = readonly [from: number, to: number];

/** Which numbered samples of the newest boot have been seen, whatever the order and however often each came. */
export type Sequence = Readonly<{
  boot: string;
  /** The latest event time of this boot's samples, ms. */
  newestMs: number;
  first: number;
  highest: number;
  /** What is missing between them, ascending: it may yet drain from a queue. */
  gaps: readonly Gap[];
  /** How many were missing in gaps that are no longer kept. */
  lost: number;
}>;

/** More gaps than samples that change places within half a minute leave; the oldest are given up first. */
const MAX_GAPS = 24;

const sizeOf = ([from, to]: Gap): number => to - from + 1;

const without = (gaps: readonly Gap[], seq: number): readonly Gap[] | null => {
  const index = gaps.findLastIndex(([from]) => from <= seq);
  const gap = gaps[index];
  if (gap === undefined || seq > gap[1]) return null;
  const halves: readonly Gap[] = [
    [gap[0], seq - 1],
    [seq + 1, gap[1]],
  ];
  return gaps.toSpliced(index, 1, ...halves.filter((half) => sizeOf(half) > 0));
};

const bounded = (sequence: Sequence): Sequence => {
  const [oldest, ...gaps] = sequence.gaps;
  if (oldest === undefined || sequence.gaps.length <= MAX_GAPS) return sequence;
  return { ...sequence, gaps, lost: sequence.lost + sizeOf(oldest) };
};

const take = (before: Sequence, seq: number): Sequence => {
  const { first, highest, gaps } = before;
  if (seq > highest)
    return { ...before, highest: seq, gaps: seq === highest + 1 ? gaps : [...gaps, [highest + 1, seq - 1]] };
  if (seq < first)
    return { ...before, first: seq, gaps: seq === first - 1 ? gaps : [[seq + 1, first - 1], ...gaps] };
  const left = without(gaps, seq);
  return left === null ? before : { ...before, gaps: left };
};

const isOlderBoot = ({ boot, newestMs }: Sequence, sample: Sample): boolean =>
  sample.t === newestMs ? String(sample.boot) < boot : sample.t < newestMs;

/**
 * Takes note of a sample's number. The boot whose samples are the latest is the one that counts; a sample without a
 * boot and a number changes nothing.
 */
export const followSequence = (before: Sequence | null, sample: Sample): Sequence | null => {
  const { boot, seq, t } = sample;
  if (boot === null || seq === null) return before;
  if (before === null || before.boot !== boot) {
    if (before !== null && isOlderBoot(before, sample)) return before;
    return { boot, newestMs: t, first: seq, highest: seq, gaps: [], lost: 0 };
  }
  const { newestMs, first, highest, gaps, lost } = before;
  // Nearly every sample is the next: one object instead of two.
  if (seq === highest + 1 && t > newestMs) return { boot, newestMs: t, first, highest: seq, gaps, lost };
  const taken = bounded(take(before, seq));
  return t > taken.newestMs ? { ...taken, newestMs: t } : taken;
};

/** How many numbers between the first and the highest have not been seen so far. */
export const missingIn = ({ gaps, lost }: Sequence): number =>
  gaps.reduce((total, gap) => total + sizeOf(gap), lost);
