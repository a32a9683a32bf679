import type { Doing } from './random-course.ts';
import type { RandomPolicy } from './random-policy.ts';
import type { RandomSource } from './random-source.ts';

/** A line with the true time at which it reaches the receiver, whatever its clock says. */
export interface Arrival {
  readonly atMs: number;
  readonly line: Readonly<Record<string, unknown>>;
}

/** Spans of true time in which a gateway cannot send. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lost: boolean;
  readonly newestFirst: boolean;
}

interface Place {
  readonly cylinder: string;
  readonly gateways: readonly [string, ...string[]];
  readonly startMs: number;
}

/** How far the clock of a gateway is ahead of the truth at a true time. */
export type ClockError = (trueMs: number) => number;

/** The messages of one cylinder: a few samples each, sent late, lost, or queued until an outage is over. */
export const randomMessages = (
  random: RandomSource,
  policy: RandomPolicy,
  course: readonly Doing[],
  { cylinder, gateways, startMs }: Place,
  { outages, clockError }: { outages: readonly Outage[]; clockError: ClockError },
): readonly Arrival[] => {
  const slotMs = policy.samplePeriodMs;
  const batch = random.pick([1, 2, 3, 5]);
  const jitterMs = random.pick([0, slotMs, 3 * slotMs]);
  const arrivals: Arrival[] = [];
  const roaming = random.pick([0.01, 0.01, 0.2]);
  let samples: object[] = [];
  let gateway = gateways[0];
  course.forEach((doing, slot) => {
    const trueMs = startMs + slot * slotMs;
    if (!doing.silent && !random.chance(0.04))
      samples.push(...randomSamples(random, doing, trueMs, slotMs, clockError));
    if (samples.length < random.integer(1, batch)) return;
    if (random.chance(roaming)) gateway = random.pick(gateways);
    const sentMs = trueMs + slotMs + random.integer(0, jitterMs);
    const line = {
      topic: randomTopic(random, gateway, cylinder),
      payload: payload(cylinder, random.chance(0.1) ? samples.toReversed() : samples),
    };
    samples = [];
    const outage = outages.find(({ fromMs, toMs }) => sentMs >= fromMs && sentMs < toMs);
    if (outage === undefined) arrivals.push({ atMs: sentMs, line });
    else if (!outage.lost) arrivals.push({ atMs: drainedMs(outage, sentMs, slotMs), line });
  });
  return arrivals.filter(() => !random.chance(0.02));
};

/** A queue drains ten times faster than it filled, from either end. */
const drainedMs = ({ fromMs, toMs, newestFirst }: Outage, sentMs: number, slotMs: number): number => {
  const waitedMs = newestFirst ? toMs - sentMs : sentMs - fromMs;
  return toMs + Math.floor(waitedMs / 10) + Math.floor(slotMs / 10);
};

/** Mostly one sample in a slot, now and then two, one far off by a clock of its own, or one that is no sample. */
const randomSamples = (
  random: RandomSource,
  doing: Doing,
  trueMs: number,
  slotMs: number,
  clockError: ClockError,
): readonly object[] => {
  const count = random.pick([1, 1, 1, 2]);
  return Array.from({ length: count }, () => {
    const offMs = random.chance(0.005) ? random.integer(-30, 30) * slotMs : 0;
    const t = trueMs + clockError(trueMs) + offMs + random.integer(0, slotMs - 1);
    const probability = random.chance(doing.abnormal)
      ? random.pick([0.9, 0.9, 0.9, 0.5, 0.7, 1])
      : random.pick([0.1, 0.1, 0, 0.49]);
    const sample = { t, seq: Math.floor(t / 10), probability, ...randomReadings(random, doing.idle) };
    return random.chance(0.01) ? { ...sample, ...random.pick([{ t: -5 }, { probability: 2 }]) } : sample;
  });
};

const randomReadings = (random: RandomSource, idle: boolean): object => {
  const readings = { rVibration_Temp: 48.2, rVibration_Z_RMS_Velocity: 2.31, wEncoderVelocity: 1180 };
  if (random.chance(0.03)) return readings;
  return { ...readings, wRMSCurrent: idle ? 0.2 : random.pick([3.4, 3.4, 1]) };
};

const randomTopic = (random: RandomSource, gateway: string, cylinder: string): string => {
  const slash = random.chance(0.1) ? '/' : '';
  const level = random.chance(0.85) ? `/${cylinder}` : '';
  return `greengrass/ml/inference/${gateway}${level}${slash}`;
};

const payload = (cylinder: string, samples: readonly object[]): object => {
  return { v: 1, cylinder, boot: 'b1', model: 'm@1', samples };
};
