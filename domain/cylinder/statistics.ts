import type { Policy } from '../alarm/policy/policy.ts';
import { rulesOf } from '../alarm/policy/rules.ts';
import { type Sample, SENSORS, type SensorValues } from '../message/sample.ts';
import { type Baseline, learn, NOTHING_USUAL } from './baseline.ts';
import { countIn, HOURS_OF_DAY, MINUTES_OF_HOUR, NO_SHARE, type Share } from './share.ts';

/** Where a cylinder's numbered samples stand: how many are missing below the highest number of this boot. */
export type Sequence = Readonly<{ boot: string; first: number; highest: number; received: number }>;

/** What people want to know of a cylinder besides its alarm. None of it decides whether anybody is told. */
export type Statistics = Readonly<{
  /** The sample with the latest event time. */
  last: Sample;
  /** Mean of each sensor over about the last half minute. */
  recent: SensorValues;
  usual: readonly Baseline[];
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
    return mean + RECENT_WEIGHT * (value - mean);
  });

const learnAll = (usual: readonly Baseline[], values: SensorValues): readonly Baseline[] =>
  usual.map((known, index) => {
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
  usual: SENSORS.map(() => NOTHING_USUAL),
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
 * Takes one sample into the vitals. Only a sample later than all before it counts, so repetitions and a queue that
 * drains afterwards leave them as they are. What is usual is learned while `isHealthy` and the sample is not abnormal.
 */
export const updateStatistics = (
  before: Statistics | null,
  sample: Sample,
  policy: Policy,
  isHealthy: boolean,
): Statistics => {
  if (before !== null && sample.t <= before.last.t) return before;
  const vitals = before ?? begin(sample);
  const abnormal = sample.probability >= policy.threshold;
  const idle = isIdle(sample, policy);
  const recent = follow(before?.recent ?? null, sample.values);
  return {
    last: sample,
    recent,
    // What is usual is learned of the recent mean: strokes and pauses cancel out in it, faults do not.
    usual: isHealthy && !abnormal && !idle ? learnAll(vitals.usual, recent) : vitals.usual,
    hour: countIn(vitals.hour, sample.t, abnormal, MINUTES_OF_HOUR),
    day: countIn(vitals.day, sample.t, abnormal, HOURS_OF_DAY),
    runningMs: vitals.runningMs + (idle ? 0 : policy.samplePeriodMs),
    sequence: nextSequence(vitals.sequence, sample),
  };
};

/** How many numbered samples of this boot have not been seen; what drains later from a queue is not counted off. */
export const missingSamples = ({ sequence }: Statistics): number =>
  sequence === null ? 0 : sequence.highest - sequence.first + 1 - sequence.received;
