import { withIncidents } from './name-incidents.ts';
import { randomCommands } from './random-command.ts';
import { randomCourse } from './random-course.ts';
import { type Arrival, type ClockError, type Outage, randomMessages } from './random-messages.ts';
import { changedPolicy, type RandomPolicy, randomPolicy } from './random-policy.ts';
import { type RandomSource, randomSource } from './random-source.ts';

const START_MS = 1_700_000_000_000;

export interface RandomStreamOptions {
  /** How many slots of true time the stream covers; 120 to 600 by default. */
  readonly slots?: number;
}

/** One stream of input lines, all of it decided by the seed: as hostile as gateways, networks, clocks and people are. */
export const randomStream = (seed: number, options: RandomStreamOptions = {}): object[] => {
  const random = randomSource(seed);
  const hoards = random.chance(0.06);
  const policy = hoards ? nervous(randomPolicy(random)) : randomPolicy(random);
  const slots = options.slots ?? (hoards ? 600 : random.integer(120, 400));
  const lastMs = START_MS + slots * policy.samplePeriodMs;
  const outages = hoards ? [longOutage(lastMs)] : randomOutages(random, policy, lastMs);
  const arrivals = [
    ...allMessages(random, policy, slots, outages, hoards),
    ...randomTicks(random, policy, lastMs, hoards),
    ...randomOrders(random, policy, lastMs),
    ...randomPolicies(random, policy, lastMs),
  ].toSorted((one, other) => one.atMs - other.atMs);
  return withIncidents(random, [{ policy, seed }, ...deliver(random, policy, arrivals, lastMs)]);
};

/** A policy by which every blip is an incident of its own, which people are to be told of. */
const nervous = (policy: RandomPolicy): RandomPolicy => {
  return {
    ...policy,
    windowMs: policy.samplePeriodMs,
    minCoverage: 0,
    warmUpMs: 0,
    historicalAfterMs: 5 * policy.samplePeriodMs,
    reopenWithinMs: 0,
    notifyFrom: policy.levels[0]?.severity ?? policy.notifyFrom,
    levels: policy.levels.map((level) => ({ ...level, clearHoldMs: 0 })),
  };
};

/** Most of the stream waits in the queue of the gateway, so that many incidents occur before anyone hears of them. */
const longOutage = (lastMs: number): Outage => {
  const lengthMs = lastMs - START_MS;
  return {
    fromMs: START_MS + lengthMs * 0.1,
    toMs: START_MS + Math.floor(lengthMs * 0.85),
    lost: false,
    newestFirst: false,
  };
};

const randomOutages = (random: RandomSource, policy: RandomPolicy, lastMs: number): readonly Outage[] => {
  return Array.from({ length: random.pick([0, 1, 2, 3]) }, () => randomOutage(random, policy, lastMs));
};

const allMessages = (
  random: RandomSource,
  policy: RandomPolicy,
  slots: number,
  outages: readonly Outage[],
  blips: boolean,
): readonly Arrival[] => {
  const lastMs = START_MS + slots * policy.samplePeriodMs;
  const gateways = random.pick<readonly [string, ...string[]]>([['gw1'], ['gw1', 'gw2'], ['gw2', 'gw1']]);
  const clockError = randomClock(random, policy, lastMs);
  return Array.from({ length: random.integer(1, 3) }, (_, index) => {
    const course = randomCourse(random, policy, slots, blips || random.chance(0.4));
    const home = random.chance(0.7) ? gateways[0] : random.pick(gateways);
    const place = { cylinder: `c${index}`, gateways: [home, ...gateways] as const, startMs: START_MS };
    return randomMessages(random, policy, course, place, { outages, clockError });
  }).flat();
};

const randomOutage = (random: RandomSource, policy: RandomPolicy, lastMs: number): Outage => {
  const fromMs = random.integer(START_MS, lastMs);
  const historicalSlots = policy.historicalAfterMs / policy.samplePeriodMs;
  const slots = random.pick([5, 15, random.integer(10, 60), historicalSlots * 2 + random.integer(20, 60)]);
  return {
    fromMs,
    toMs: fromMs + slots * policy.samplePeriodMs,
    lost: random.chance(0.2),
    newestFirst: random.chance(0.15),
  };
};

/** A clock that is right, off by a few slots and set anew once or twice, or so far off for a while that nothing is judged. */
const randomClock = (random: RandomSource, policy: RandomPolicy, lastMs: number): ClockError => {
  if (random.chance(0.4)) return () => 0;
  const toleranceSlots = policy.futureToleranceMs / policy.samplePeriodMs;
  if (random.chance(0.3)) return farOff(random, policy, lastMs);
  const errors = Array.from(
    { length: 3 },
    () => random.integer(-15, toleranceSlots + 1) * policy.samplePeriodMs,
  );
  const steps = [random.integer(START_MS, lastMs), random.integer(START_MS, lastMs)];
  return (trueMs) => errors[steps.filter((stepMs) => stepMs <= trueMs).length] ?? 0;
};

/** Ahead of all tolerance, or behind all that was evaluated, for long enough to be told; in 1970 where it never ends. */
const farOff = (random: RandomSource, policy: RandomPolicy, lastMs: number): ClockError => {
  const slotMs = policy.samplePeriodMs;
  const fromMs = random.chance(0.3) ? START_MS : random.integer(START_MS, lastMs);
  const toMs = fromMs + policy.offlineAfterMs * random.pick([1, 2, 3]) + random.integer(0, 20) * slotMs;
  const aheadMs = policy.futureToleranceMs + random.integer(1, 30) * slotMs;
  const behindMs = -random.integer(20, 200) * slotMs;
  const errorMs = random.pick([aheadMs, aheadMs, behindMs, behindMs, 1000 - START_MS]);
  return (trueMs) => (trueMs >= fromMs && trueMs < toMs ? errorMs : 0);
};

const randomTicks = (
  random: RandomSource,
  policy: RandomPolicy,
  lastMs: number,
  seldom: boolean,
): readonly Arrival[] => {
  if (random.chance(0.05)) return [];
  const everyMs = policy.samplePeriodMs * (seldom ? 20 : random.pick([1, 2, 5, 10, 30]));
  const irregular = random.chance(0.4);
  const arrivals: Arrival[] = [];
  const endMs = lastMs + policy.offlineAfterMs * random.pick([0, 1, 3]);
  for (let atMs = START_MS + everyMs; atMs < endMs; atMs += everyMs * (irregular ? random.integer(1, 3) : 1))
    arrivals.push({ atMs, line: { tick: true } });
  return arrivals;
};

/** Commands by people, most of whose clocks are right; a few are for a cylinder that nobody ever heard of. */
const randomOrders = (random: RandomSource, policy: RandomPolicy, lastMs: number): readonly Arrival[] => {
  return Array.from({ length: random.pick([0, 6, 15, 40]) }, () => {
    const cylinder = random.pick(['c0', 'c0', 'c0', 'c0', 'c1', 'c2', 'c9']);
    const commands = randomCommands(random, policy, random.integer(START_MS, lastMs));
    return commands.map(({ atMs, command }) => ({ atMs, line: { cylinder, command } }));
  }).flat();
};

const randomPolicies = (random: RandomSource, policy: RandomPolicy, lastMs: number): readonly Arrival[] => {
  const times = Array.from({ length: random.pick([0, 0, 0, 1, 2, 4, 8]) }, () =>
    random.integer(START_MS, lastMs),
  );
  let current = policy;
  return times
    .toSorted((one, other) => one - other)
    .map((atMs) => {
      current = changedPolicy(random, current);
      return { atMs, line: { policy: current } };
    });
};

/** By how many slots the receiver's clock is off: a little, or so far ahead that ticks correct it once it is right. */
const randomStep = (random: RandomSource): number =>
  random.chance(0.5) ? random.integer(-20, 20) : random.pick([60, 200, 5000]);

/** Stamps each arrival with the receiver's clock and hands it over: in order, swapped, or some of them once more. */
const deliver = (
  random: RandomSource,
  policy: RandomPolicy,
  arrivals: readonly Arrival[],
  lastMs: number,
): object[] => {
  const slotMs = policy.samplePeriodMs;
  const grainMs = random.pick([1, 1, slotMs / 2, slotMs]);
  const stepMs = random.chance(0.25) ? randomStep(random) * slotMs : 0;
  const stepAtMs = random.integer(START_MS, lastMs);
  const backAtMs = random.chance(0.5) ? random.integer(stepAtMs, lastMs) : Number.POSITIVE_INFINITY;
  const untidy = random.chance(0.7);
  const lines: object[] = [];
  for (const { atMs, line } of arrivals) {
    const clockMs = atMs >= stepAtMs && atMs < backAtMs ? atMs + stepMs : atMs;
    const stamped = { receivedAt: Math.floor(clockMs / grainMs) * grainMs, ...line };
    if (untidy && random.chance(0.04)) lines.splice(-random.integer(1, 4), 0, stamped);
    else lines.push(stamped);
    if (untidy && !('policy' in line) && random.chance(0.05)) lines.push(stamped);
    if (untidy && random.chance(0.01)) lines.push(...lines.slice(-4).filter((again) => !('policy' in again)));
  }
  return lines;
};
