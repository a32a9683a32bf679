import type { Policy } from '../alarm/policy/policy.ts';
import { rulesOf } from '../alarm/policy/rules.ts';
import { type Sample, SENSORS, type SensorValues } from '../message/sample.ts';
import { type Baseline, EMPTY_BASELINE, learn } from './baseline.ts';
import { countIn, HOURS_OF_DAY, MINUTES_OF_HOUR, NO_SHARE, type Share } from './share.ts';

/** Where a cylinder's numbered samples stand: how many are missing below the highest number of this boot. */
export type Sequence = Readonly<{ boot: string; first: number; highest: number; received: number }>;

/** What people want to know of a cylinder besides its alarm. None of it decides whether anybody is told. */
export type Statistics = Readonly<{
  /** The sample with the latest event time. */
  last: Sample;
  /** Mean of each sensor over about the last half minute. */
  recent: SensorValues;
  baselines: readonly Baseline[];
  hour: Share;
  day: Share;
  /** Time seen running, ms. */
  runningMs: number;
  sequence: Sequence | null;
}>;

/** Weight of a new value in the recent mean. */
const RECENT_WEIGHT = 1 / 15;

const follow = (before: SensorValues | null, values: SensorValues): SensorValues =>
  values.map((value, index) => {
    const mean = before?.[index] ?? null;
    if (value === null || mean === null) return value ?? mean;
    const moved = mean + RECENT_WEIGHT * (value - mean);
    return Number.isFinite(moved) ? moved : value;
  });

const learnAll = (baselines: readonly Baseline[], values: SensorValues): readonly Baseline[] =>
  baselines.map((known, index) => {
    const value = values[index] ?? null;
    return value === null ? known : learn(known, value);
  });

const nextSequence = (before: Sequence | null, { boot, seq }: Sample): Sequence | null => {
  if (boot === null || seq === null) return before;
  if (before === null || before.boot !== boot) return { boot, first: seq, highest: seq, received: 1 };
  if (seq <= before.highest) return before;
  return { ...before, highest: seq, received: before.received + 1 };
};

const begin = (sample: Sample): Statistics => ({
  last: sample,
  recent: sample.values,
  baselines: SENSORS.map(() => EMPTY_BASELINE),
  hour: NO_SHARE,
  day: NO_SHARE,
  runningMs: 0,
  sequence: null,
});

const isIdle = (sample: Sample, policy: Policy): boolean => {
  const { idleIndex, idleBelow } = rulesOf(policy);
  const value = idleIndex === null ? null : (sample.values[idleIndex] ?? null);
  return value !== null && value < idleBelow;
};

/**
 * Takes one sample into the statistics. Only a sample later than all before it counts, so repetitions and a queue that
 * drains afterwards leave them as they are. What is usual is learned while `isHealthy` and the sample is not abnormal.
 */
export const updateStatistics = (
  before: Statistics | null,
  sample: Sample,
  policy: Policy,
  isHealthy: boolean,
): Statistics => {
  if (before !== null && sample.t <= before.last.t) return before;
  const statistics = before ?? begin(sample);
  const abnormal = sample.probability >= policy.threshold;
  const idle = isIdle(sample, policy);
  const recent = follow(before?.recent ?? null, sample.values);
  return {
    last: sample,
    recent,
    // What is usual is learned of the recent mean: strokes and pauses cancel out in it, faults do not.
    baselines:
      isHealthy && !abnormal && !idle ? learnAll(statistics.baselines, recent) : statistics.baselines,
    hour: countIn(statistics.hour, sample.t, abnormal, MINUTES_OF_HOUR),
    day: countIn(statistics.day, sample.t, abnormal, HOURS_OF_DAY),
    runningMs: statistics.runningMs + (idle ? 0 : policy.samplePeriodMs),
    sequence: nextSequence(statistics.sequence, sample),
  };
};

/** How many numbered samples of this boot have not been seen; what drains later from a queue is not counted off. */
export const missingSamples = ({ sequence }: Statistics): number =>
  sequence === null ? 0 : sequence.highest - sequence.first + 1 - sequence.received;
