import type { Policy } from '../alarm/policy/policy.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import { median } from '../median.ts';

/** One slot that was looked into: when it starts, ms, and after how many ms in it samples were taken, ascending. */
export type Probe = readonly [startMs: number, ...offsetsMs: readonly number[]];

/** One slot a minute is looked into. */
const EVERY_MS = 60_000;
/** The newest so many are kept, and of each no more than the first so many samples. */
const PROBES = 2;
const OFFSETS = 12;

const withOffset = ([startMs, ...offsets]: Probe, offsetMs: number): Probe => [
  startMs,
  ...[...offsets, offsetMs].sort((a, b) => a - b).slice(0, OFFSETS),
];

/**
 * Takes note of when a sample was taken, where its slot is one that is looked into: the same whatever the order in which
 * samples come and however often each does.
 */
export const probeSampling = (
  before: readonly Probe[],
  t: number,
  { samplePeriodMs }: Pick<Policy, 'samplePeriodMs'>,
): readonly Probe[] => {
  const slot = Math.floor(t / samplePeriodMs);
  if (slot % Math.max(1, Math.round(EVERY_MS / samplePeriodMs)) !== 0) return before;
  const startMs = slot * samplePeriodMs;
  const offsetMs = t - startMs;
  const known = before.find(([start]) => start === startMs);
  if (known?.slice(1).includes(offsetMs)) return before;
  const probe: Probe = withOffset(known ?? [startMs], offsetMs);
  return [...before.filter((other) => other !== known), probe].sort(([a], [b]) => b - a).slice(0, PROBES);
};

const spacingIn = ([, ...offsets]: Probe): number | null =>
  median(offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? 0)));

/** How far apart samples are, ms, where several of them fell into each slot that was looked into; null where not, or not yet known. */
export const spacingWithinSlots = (probes: readonly Probe[]): number | null => {
  const spacings = probes.map(spacingIn);
  if (probes.length < PROBES || spacings.includes(null)) return null;
  return Math.max(...spacings.map(Number));
};

/** A slot that waits, or the step to it, is written with its flags: `slot × 8 + flags`. */
const FLAGS = 8;
/** From so many steps on a share of them says something. */
const LEAST_STEPS = 3;
/** Samples a fifth too far apart leave out one slot in five; a message that is lost is one long step. */
const MOST_LONG_STEPS = 0.3;

/**
 * How far apart samples are, ms, where many slots between them get none: by the slots that wait for stragglers, and by those
 * before that were received and not covered well enough to be judged. Null where they are not, or that is not yet known.
 */
export const spacingOverSlots = ({
  pendingSteps,
  receivedSlot,
  samplePeriodMs,
  judging: { unjudged },
}: Pick<CylinderState, 'pendingSteps' | 'receivedSlot' | 'samplePeriodMs' | 'judging'>): number | null => {
  const [first, ...others] = pendingSteps.map((entry) => Math.floor(entry / FLAGS));
  if (first === undefined) return null;
  const steps = receivedSlot === null ? others : [first - receivedSlot, ...others];
  const long = steps.filter((step) => step > 1).length;
  const isAlways = long === steps.length && long > 0 && long + unjudged.coverage >= LEAST_STEPS;
  const isOften = steps.length >= LEAST_STEPS && long >= MOST_LONG_STEPS * steps.length;
  if (!isAlways && !isOften) return null;
  return (steps.reduce((sum, step) => sum + step, 0) / steps.length) * samplePeriodMs;
};
