import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { type PolicyBook, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { Fields } from '../../domain/fields.ts';

/** What a search varies, in words a person reads; times in ms. */
export type Setting = Readonly<{
  threshold: number;
  windowMs: number;
  raiseRatio: number;
  /** How long an incident is active before people are told of it. */
  notifyAfterMs: number;
}>;

/** One policy to be tried: its setting, its place on each axis of the grid, and the policy file that it makes. */
export type Candidate = Readonly<{
  setting: Setting;
  place: readonly number[];
  fields: Fields;
  book: PolicyBook;
}>;

const THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const WINDOW_SLOTS = [30, 60, 120, 300];
const RAISE_RATIOS = [0.4, 0.6, 0.8, 0.95];
const NOTIFY_AFTER_SLOTS = [0, 60, 180, 600];
/** As in the default policy: an incident that was raised at 0.6 clears below 0.2. */
const CLEAR_SHARE = 1 / 3;

const rounded = (value: number): number => Number(value.toFixed(3));

/** The levels of a policy with the one that people are told from reached after `notifyAfterMs`, and none above it sooner. */
const levelsOf = ({ levels, notifyFrom }: Policy, notifyAfterMs: number): Policy['levels'] => {
  const rank = levels.findIndex(({ severity }) => severity === notifyFrom);
  return levels.map((level, index) => {
    if (index < rank) return { ...level, afterMs: Math.min(level.afterMs, notifyAfterMs) };
    return { ...level, afterMs: index === rank ? notifyAfterMs : Math.max(level.afterMs, notifyAfterMs) };
  });
};

/** The setting that a policy has. */
export const settingOf = (policy: Policy): Setting => ({
  threshold: policy.threshold,
  windowMs: policy.windowMs,
  raiseRatio: policy.raiseRatio,
  notifyAfterMs: policy.levels.find(({ severity }) => severity === policy.notifyFrom)?.afterMs ?? 0,
});

const candidate = (base: Policy, given: Fields, setting: Setting, place: readonly number[]): Candidate => {
  const { threshold, windowMs, raiseRatio, notifyAfterMs } = setting;
  const fields = {
    ...given,
    threshold,
    windowMs,
    raiseRatio,
    clearRatio: rounded(raiseRatio * CLEAR_SHARE),
    levels: levelsOf(base, notifyAfterMs),
  };
  const reading = readPolicyBook({ default: fields });
  if (!reading.ok) throw new Error(`no policy: ${reading.faults[0]?.message}`);
  return { setting, place, fields, book: reading.book };
};

/**
 * The policies around one: every threshold with every window, ratio and time until people are told, in slots of its
 * `samplePeriodMs`. `given` are the fields that its file states; all others keep their defaults. A policy that tells
 * people from its first level on, which is reached at once, has no time to vary.
 */
export const candidatesAround = (base: Policy, given: Fields): readonly Candidate[] => {
  const { samplePeriodMs, levels, notifyFrom } = base;
  const delays = levels[0]?.severity === notifyFrom ? [0] : NOTIFY_AFTER_SLOTS;
  return THRESHOLDS.flatMap((threshold, a) =>
    WINDOW_SLOTS.flatMap((window, b) =>
      RAISE_RATIOS.flatMap((raiseRatio, c) =>
        delays.map((delay, d) =>
          candidate(
            base,
            given,
            {
              threshold,
              windowMs: window * samplePeriodMs,
              raiseRatio,
              notifyAfterMs: delay * samplePeriodMs,
            },
            [a, b, c, d],
          ),
        ),
      ),
    ),
  );
};
