import { type Policy, rulesOf } from '../alarm/policy/policy.ts';
import type { ForecastMark } from '../alarm/state/output.ts';
import type { Slot } from '../alarm/state/state.ts';
import type { Drift } from '../drift/drift.ts';
import { type Sample, SENSORS, type SensorValues, withoutChallenger } from '../message/sample.ts';
import { type Baseline, EMPTY_BASELINE, learn } from './baseline.ts';
import type { Rollup } from './rollup.ts';
import { type Probe, probeSampling } from './sampling.ts';
import { followSequence, missingIn, type Sequence } from './sequence.ts';
import { countIn, draftOf, HOURS_OF_DAY, MINUTES_OF_HOUR, NO_SHARE, type Share } from './share.ts';

/** What the abnormal samples of late had in common: each sensor's mean and contribution, and the probability. */
export type AbnormalMeans = Readonly<{
  /** How many samples that is, each counting less the older it is. */
  weight: number;
  values: SensorValues;
  /** Mean contribution of each sensor to the log-odds; null where none was sent. */
  why: SensorValues | null;
  probability: number;
}>;

/** Below this weight nothing is left to speak of: long after the last abnormal sample. */
const MIN_WEIGHT = 0.05;

/** Finer than a sensor's noise, and coarse enough for a record to stay small. */
const DIGITS = 5;

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const towards = (mean: number | null, value: number | null, weight: number): number | null => {
  if (value === null || mean === null) return value ?? mean;
  const followed = mean + (value - mean) / weight;
  return Number.isFinite(followed) ? rounded(followed) : value;
};

const meansTowards = (before: SensorValues | null, values: SensorValues, weight: number): SensorValues =>
  values.map((value, index) => towards(before?.[index] ?? null, value, weight));

type Following = Readonly<{ abnormal: boolean; isHealthy: boolean; elapsedMs: number; memoryMs: number }>;

/**
 * The means `elapsedMs` later, with the sample in them if it is abnormal; what is `memoryMs` old counts e times less. They
 * are kept while the cylinder is not healthy, however quiet it has become.
 */
export const followAbnormal = (
  before: AbnormalMeans | null,
  { values, why, probability }: Sample,
  { abnormal, isHealthy, elapsedMs, memoryMs }: Following,
): AbnormalMeans | null => {
  const left = before === null ? 0 : before.weight * Math.exp(-elapsedMs / memoryMs);
  if (!abnormal) {
    if (before === null || (isHealthy && left < MIN_WEIGHT)) return null;
    return { ...before, weight: rounded(left) };
  }
  const weight = left + 1;
  return {
    weight: rounded(weight),
    values: meansTowards(before?.values ?? null, values, weight),
    why: why === null ? (before?.why ?? null) : meansTowards(before?.why ?? null, why, weight),
    probability: towards(before?.probability ?? null, probability, weight) ?? probability,
  };
};

/** What people want to know of a cylinder besides its alarm. None of it decides whether anybody is told. */
export type Statistics = Readonly<{
  /** The sample with the latest event time. */
  last: Sample;
  /** Mean of each sensor over about the last minute of normal samples while it ran. */
  recent: SensorValues;
  baselines: readonly Baseline[];
  /** Null while the cylinder has long been normal. */
  abnormal: AbnormalMeans | null;
  /** Probability of the latest sample that was not abnormal; null where there was none. */
  normalProbability: number | null;
  /** Shares of the slots that the alarm has evaluated. */
  hour: Share;
  day: Share;
  /** Time seen running, ms. */
  runningMs: number;
  sequence: Sequence | null;
  /** When samples were taken in one slot of each of the last minutes. */
  probes: readonly Probe[];
  /** Of the five minutes that go on. */
  rollup: Rollup | null;
  /** Absent where drift is not watched. */
  drift?: Drift;
  /** When the next severity is reached at this rate; absent while that is not clear. */
  forecast?: ForecastMark;
}>;

/** Samples in the recent mean: about as long as in the means of abnormal samples that are held against it. */
const RECENT_SAMPLES = 60;

/** An even mean until the memory is full: the first value has no more say than the others. */
const follow = (recent: SensorValues, values: SensorValues, baselines: readonly Baseline[]): SensorValues =>
  values.map((value, index) => {
    const mean = recent[index] ?? null;
    if (value === null || mean === null) return value ?? mean;
    const followed = mean + (value - mean) / Math.min((baselines[index]?.n ?? 0) + 1, RECENT_SAMPLES);
    return Number.isFinite(followed) ? followed : value;
  });

const learnAll = (baselines: readonly Baseline[], values: SensorValues): readonly Baseline[] =>
  baselines.map((known, index) => {
    const value = values[index] ?? null;
    return value === null ? known : learn(known, value);
  });

const begin = (sample: Sample): Statistics => ({
  last: sample,
  recent: sample.values,
  baselines: SENSORS.map(() => EMPTY_BASELINE),
  abnormal: null,
  normalProbability: null,
  hour: NO_SHARE,
  day: NO_SHARE,
  runningMs: 0,
  sequence: null,
  probes: [],
  rollup: null,
});

export const isIdle = (sample: Sample, policy: Policy): boolean => {
  const { idleIndex, idleBelow } = rulesOf(policy);
  const value = idleIndex === null ? null : (sample.values[idleIndex] ?? null);
  return value !== null && value < idleBelow;
};

/** What a sample changes wherever it stands in time. */
type Numbered = Pick<Statistics, 'sequence' | 'probes'>;

const takeNewest = (
  before: Statistics,
  sample: Sample,
  { sequence, probes }: Numbered,
  policy: Policy,
  isHealthy: boolean,
): Statistics => {
  const { baselines, last } = before;
  const abnormal = sample.probability >= policy.threshold;
  const isUsual = !abnormal && !isIdle(sample, policy);
  const recent = isUsual ? follow(before.recent, sample.values, baselines) : before.recent;
  // A window, but no less than the recent mean: in a shorter one strokes would not cancel out.
  const memoryMs = Math.max(policy.windowMs, RECENT_SAMPLES * policy.samplePeriodMs);
  const following = { abnormal, isHealthy, elapsedMs: sample.t - last.t, memoryMs };
  return {
    ...before,
    last: sample,
    recent,
    // What is usual is learned of the recent mean: strokes and pauses cancel out in it, faults do not.
    baselines: isUsual && isHealthy ? learnAll(baselines, recent) : baselines,
    abnormal: followAbnormal(before.abnormal, sample, following),
    normalProbability: abnormal ? before.normalProbability : sample.probability,
    sequence,
    probes,
  };
};

/**
 * Takes note of one sample as it comes. All but its number and when in its slot it was taken counts only where it is later than all before it, so
 * repetitions and a queue that drains afterwards leave it as it is. What is usual is learned while `isHealthy` and the
 * sample is not abnormal.
 */
export const updateStatistics = (
  before: Statistics | null,
  taken: Sample,
  policy: Policy,
  isHealthy: boolean,
): Statistics => {
  // What a model on trial says is no part of what is known of a cylinder.
  const sample = taken.challenger === undefined ? taken : withoutChallenger(taken);
  const known = before ?? begin(sample);
  const isNewest = before === null || sample.t > before.last.t;
  const sequence = followSequence(known.sequence, sample);
  const probes = probeSampling(known.probes, sample.t, policy);
  if (isNewest) return takeNewest(known, sample, { sequence, probes }, policy, isHealthy);
  const isSame = sequence === known.sequence && probes === known.probes;
  return isSame ? known : { ...known, sequence, probes };
};

/** Counts slots that the alarm has evaluated: each once and in order, whatever the order in which their samples came. */
export const countSlots = (
  before: Statistics,
  slots: readonly Slot[],
  { samplePeriodMs }: Policy,
): Statistics => {
  if (slots.length === 0) return before;
  const [hour, day] = [draftOf(before.hour), draftOf(before.day)];
  let { runningMs } = before;
  for (const { slot, abnormal, running } of slots) {
    const t = slot * samplePeriodMs;
    countIn(hour, t, abnormal, MINUTES_OF_HOUR);
    countIn(day, t, abnormal, HOURS_OF_DAY);
    if (running) runningMs += samplePeriodMs;
  }
  return { ...before, hour, day, runningMs };
};

/** How many numbered samples of this boot have not been seen so far. */
export const missingSamples = ({ sequence }: Statistics): number =>
  sequence === null ? 0 : missingIn(sequence);
